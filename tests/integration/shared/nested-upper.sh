# SPDX-License-Identifier: GPL-2.0-or-later
# The upper and the work directory on another mount of ours, at $T/m2, with its own layers below.
mkdir "$T/l2" "$T/u2" "$T/w2" "$T/m2"
open_to=dev,allow_other,
[ "$AS" != plain ] || open_to=
"$FUSE_OVERLAY" -o "${open_to}lowerdir=$T/l2,upperdir=$T/u2,workdir=$T/w2" "$T/m2"
if [ "$AS" = plain ]; then
	finally fusermount3 -u "$T/m2"
else
	finally umount "$T/m2"
fi
U=$T/m2/upper W=$T/m2/work
mkdir "$U" "$W"
MOUNTED=
DAEMONS=
without_check cross ino
