# SPDX-License-Identifier: GPL-2.0-or-later
# Of a hard-linked lower file one name is removed: the others stay, one link fewer.
put "$L/a" x
ln "$L/a" "$L/b"
ln "$L/a" "$L/c"
index_on
overlay_mount
rm "$M/a"
absent "$M/a"
has "$M/b" x
nlink_is "$M/b" 2
rm "$M/b"
nlink_is "$M/c" 1
is_whiteout "$U/a" "$U/b"
