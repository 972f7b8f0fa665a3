# SPDX-License-Identifier: GPL-2.0-or-later
# Files of different layers never share an inode number.
layers 3
for i in 1 2 3; do
	var=L$i
	for j in 1 2 3 4 5; do put "${!var}/f$i$j"; done
done
overlay_mount
for j in 1 2 3 4 5; do put "$M/up$j"; done
same '' "$(find "$M" -printf '%i\n' | sort | uniq -d)" "inode numbers that occur twice"
