# SPDX-License-Identifier: GPL-2.0-or-later
# File capabilities count for the root that is shown: a container's, when its ids are mapped.
map_ids 0:1000:10 10:0:10
cap2=0x0100000200200000000000000000000000000000
cap3() { printf '0x0100000300200000000000000000000000000000%02x%02x0000' $(($1 & 255)) $(($1 >> 8)); }
get() { getfattr -e hex --only-values -n security.capability "$1" 2>/dev/null >/dev/null &&
	getfattr --absolute-names -e hex -n security.capability "$1" | sed -n 's/^security.capability=//p'; }
put "$L/plain"
put "$L/file"
setfattr -n security.capability -v $cap2 "$L/file"
put "$L/ten"
setfattr -n security.capability -v "$(cap3 10)" "$L/ten"
overlay_mount
same "$(cap3 1000)" "$(get "$M/file")"
same $cap2 "$(get "$M/ten")"
# What is set goes the other way.
setfattr -n security.capability -v $cap2 "$M/plain"
same "$(cap3 10)" "$(get "$U/plain")"
setfattr -n security.capability -v "$(cap3 1000)" "$M/plain"
same $cap2 "$(get "$U/plain")"
setfattr -n security.capability -v "$(cap3 1003)" "$M/plain"
same "$(cap3 3)" "$(get "$U/plain")"
same "$(cap3 1003)" "$(get "$M/plain")"
# Copy-up leaves it alone.
touch "$M/file"
same $cap2 "$(get "$U/file")"
same "$(cap3 1000)" "$(get "$M/file")"
