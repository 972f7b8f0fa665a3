# SPDX-License-Identifier: GPL-2.0-or-later
# Hard links in the upper layer: one inode, one content, the right count.
# also: plain
overlay_mount
echo x >"$M/a"
mkdir "$M/d"
ln "$M/a" "$M/d/b"
ln "$M/a" "$M/c"
nlink_is "$M/a" 3
nlink_is "$M/d/b" 3
same "$(ino "$M/a")" "$(ino "$M/d/b")" inode
echo more >>"$M/d/b"
has "$M/a" $'x\nmore'
chmod 600 "$M/c"
mode_is "$M/a" 600
rm "$M/a"
nlink_is "$M/c" 2
overlay_remount
nlink_is "$M/c" 2
same "$(ino "$M/c")" "$(ino "$M/d/b")" inode
has "$M/c" $'x\nmore'
