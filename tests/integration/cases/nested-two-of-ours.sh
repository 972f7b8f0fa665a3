# SPDX-License-Identifier: GPL-2.0-or-later
# One daemon's mount is the lower layer of another's.
# only: fuse
put "$L/d/f" text
put "$L/g" text
overlay_mount
rm "$M/g"
mkdir "$T/u2" "$T/w2" "$T/m2"
"$FUSE_OVERLAY" -o "lowerdir=$M,upperdir=$T/u2,workdir=$T/w2,allow_other" "$T/m2"
finally umount "$T/m2"
lists "$T/m2" d
echo more >>"$T/m2/d/f"
rm -r "$T/m2/d"
mkdir "$T/m2/d"
lists "$T/m2/d"
has "$M/d/f" text
umount "$T/m2"
