# SPDX-License-Identifier: GPL-2.0-or-later
# findmnt shows the source that was given, and the type fuse.fuse-overlay.
# only: fuse
put "$L/f" text
"$FUSE_OVERLAY" my-source "$M" -o "lowerdir=$L,upperdir=$U,workdir=$W"
MOUNTED=yes
same 'my-source fuse.fuse-overlay' "$(findmnt -no SOURCE,FSTYPE "$M" | tr -s ' ')" "source and type"
without_check remount cross
