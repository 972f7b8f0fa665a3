# SPDX-License-Identifier: GPL-2.0-or-later
# Stored owners are shown as the map says, range by range up to the last id, others as nobody's.
map_ids 0:1000:10 10:0:10 30:20:1 31:22:2 65000:64000:536
for id in 0 5 9 10 19 20 29 30 31 32 33 64999 65000 65535; do
	put "$L/f$id"
	chown "$id:$id" "$L/f$id"
done
put "$L/mixed"
chown 30:500 "$L/mixed"
overlay_mount
for pair in 0:1000 5:1005 9:1009 10:0 19:9 20:65534 29:65534 30:20 31:22 32:23 33:65534 64999:65534 \
	65000:64000 65535:64535; do
	owner_is "$M/f${pair%:*}" "${pair#*:}:${pair#*:}"
done
owner_is "$M/mixed" 20:65534
owner_is "$M" 1000:1000
