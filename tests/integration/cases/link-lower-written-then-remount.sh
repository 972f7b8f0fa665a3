# SPDX-License-Identifier: GPL-2.0-or-later
# ... and that is still so after remount.
put "$L/a" x
mkdir "$L/d"
ln "$L/a" "$L/d/b"
index_on
overlay_mount
echo more >>"$M/a"
overlay_remount
has "$M/d/b" $'x\nmore'
nlink_is "$M/a" 2
same "$(ino "$M/a")" "$(ino "$M/d/b")" "inode"
rm "$M/a"
nlink_is "$M/d/b" 1
overlay_remount
has "$M/d/b" $'x\nmore'
nlink_is "$M/d/b" 1
