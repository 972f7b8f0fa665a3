# SPDX-License-Identifier: GPL-2.0-or-later
# Write a new file aside and rename it over the old, ten times.
put "$L/conf" 0
overlay_mount
for i in 1 2 3 4 5 6 7 8 9 10; do
	echo "$i" >"$M/.conf.tmp"
	mv "$M/.conf.tmp" "$M/conf"
	has "$M/conf" "$i"
	nlink_is "$M/conf" 1
done
lists "$M" conf
lists "$U" conf
overlay_remount
has "$M/conf" 10
