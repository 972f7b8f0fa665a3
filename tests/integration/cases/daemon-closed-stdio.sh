# SPDX-License-Identifier: GPL-2.0-or-later
# Started with stdin, stdout and stderr closed it works, and writes into nobody's file.
# only: fuse
put "$L/f" text
"$FUSE_OVERLAY" -o "lowerdir=$L,upperdir=$U,workdir=$W" "$M" <&- >&- 2>&-
MOUNTED=yes
has "$M/f" text
for i in 1 2 3 4; do echo "$i" >"$M/new$i"; done
for i in 1 2 3 4; do has "$M/new$i" "$i"; done
without_check remount cross
