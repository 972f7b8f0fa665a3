# SPDX-License-Identifier: GPL-2.0-or-later
# Relative paths are meant from where it was started.
# only: fuse
# also: plain
mkdir -p "$T/a/b"
put "$L/f" text
cd "$T/a"
"$FUSE_OVERLAY" -o lowerdir=../lower,upperdir=./../upper,workdir=../work ../mnt
cd /
MOUNTED=yes
has "$M/f" text
echo more >>"$M/f"
has "$U/f" $'text\nmore'
without_check remount cross
