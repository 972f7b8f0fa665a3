# SPDX-License-Identifier: GPL-2.0-or-later
# fsync=0, 1, auto and strict are accepted; what is written is there.
# only: fuse
put "$L/f" low
for value in 0 1 auto strict; do
	overlay_mount -o "fsync=$value"
	echo "$value" >>"$M/f"
	sync "$M/f"
	overlay_umount
done
has "$U/f" $'low\n0\n1\nauto\nstrict'
