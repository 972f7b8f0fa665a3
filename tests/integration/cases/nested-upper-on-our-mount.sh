# SPDX-License-Identifier: GPL-2.0-or-later
# The upper of one daemon's mount lies on another's: marks are escaped, whiteouts and opaque directories work.
# only: fuse
put "$L/f" low
put "$L/d/x" low
mkdir "$T/l2" "$T/u2" "$T/w2" "$T/m2"
"$FUSE_OVERLAY" -o "dev,lowerdir=$T/l2,upperdir=$T/u2,workdir=$T/w2" "$T/m2"
finally umount "$T/m2"
U=$T/m2/upper W=$T/m2/work
mkdir "$U" "$W"
without_check cross ino
overlay_mount
rm "$M/f"
rm -r "$M/d"
mkdir "$M/d"
echo new >"$M/d/new"
for _ in 1 2; do
	lists "$M" d
	lists "$M/d" new
	overlay_remount
done
mv "$M/d" "$M/e"
lists "$M" e
overlay_remount
lists "$M" e
lists "$M/e" new
overlay_umount
