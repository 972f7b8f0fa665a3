# SPDX-License-Identifier: GPL-2.0-or-later
# With a timeout of 0 and of a second, everything is as without.
# only: fuse
put "$L/d/f" low
for value in 0 1 0.5; do
	overlay_mount -o timeout=$value
	echo $value >>"$M/d/f"
	mv "$M/d/f" "$M/d/g"
	exists "$M/d/g"
	absent "$M/d/f"
	mv "$M/d/g" "$M/d/f"
	overlay_umount
done
same 4 "$(wc -l <"$U/d/f")" lines
