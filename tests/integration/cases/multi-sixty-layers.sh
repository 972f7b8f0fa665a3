# SPDX-License-Identifier: GPL-2.0-or-later
# Sixty lower layers: each name comes from its topmost layer.
layers 60
for ((i = 1; i <= 60; i++)); do
	var=L$i
	put "${!var}/only$i" "$i"
	put "${!var}/all" "$i"
	put "${!var}/dir/only$i" "$i"
	[ $((i % 2)) -eq 0 ] && put "${!var}/even" "$i"
	[ "$i" -ge 17 ] && put "${!var}/from17" "$i"
done
overlay_mount
has "$M/all" 1
has "$M/even" 2
has "$M/from17" 17
same 63 "$(find "$M" -mindepth 1 -maxdepth 1 -name '[a-z]*' ! -name dir | wc -l)" "number of names"
same 60 "$(find "$M/dir" -mindepth 1 | wc -l)" "number of names in dir"
for i in 1 2 31 59 60; do
	has "$M/only$i" "$i"
	has "$M/dir/only$i" "$i"
done
echo changed >>"$M/dir/only60"
has "$U/dir/only60" $'60\nchanged'
