# SPDX-License-Identifier: GPL-2.0-or-later
# Written through one name, a hard-linked lower file changes under all its names.
put "$L/a" x
mkdir "$L/d"
ln "$L/a" "$L/d/b"
ln "$L/a" "$L/c"
index_on
overlay_mount
echo more >>"$M/a"
has "$M/d/b" $'x\nmore'
has "$M/c" $'x\nmore'
has "$L/a" x
same "$(ino "$M/a")" "$(ino "$M/d/b")" "inode"
nlink_is "$M/a" 3
echo again >>"$M/d/b"
has "$M/a" $'x\nmore\nagain'
chmod 600 "$M/c"
mode_is "$M/a" 600
