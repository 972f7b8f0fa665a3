# SPDX-License-Identifier: GPL-2.0-or-later
# A doubled backslash before a colon is taken for the same, as some callers write it.
# only: fuse
odd=$T/'o:d'
mkdir "$odd"
put "$odd/f" odd
put "$L/g" plain
"$FUSE_OVERLAY" -o "lowerdir=$T/o\\\\:d:$L,upperdir=$U,workdir=$W" "$M"
MOUNTED=yes
lists "$M" f g
without_check remount cross
