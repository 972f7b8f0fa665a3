# SPDX-License-Identifier: GPL-2.0-or-later
# cp to and from another file system.
put "$L/f" text
overlay_mount
head -c 3000000 /dev/urandom >"$T/big"
cp "$T/big" "$M/big"
cmp "$T/big" "$M/big"
cp "$M/f" "$T/f"
has "$T/f" text
cp --reflink=auto --sparse=always "$M/big" "$M/big2"
cmp "$T/big" "$M/big2"
