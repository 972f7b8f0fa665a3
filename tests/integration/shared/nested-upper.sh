# SPDX-License-Identifier: GPL-2.0-or-later
# The upper and the work directory on another mount of ours, at $T/m2, with its own layers below.
mkdir "$T/l2" "$T/u2" "$T/w2" "$T/m2"
"$FUSE_OVERLAY" -o "dev,allow_other,lowerdir=$T/l2,upperdir=$T/u2,workdir=$T/w2" "$T/m2"
finally umount "$T/m2"
U=$T/m2/upper W=$T/m2/work
mkdir "$U" "$W"
MOUNTED=
DAEMONS=
without_check cross ino
