# SPDX-License-Identifier: GPL-2.0-or-later
# Names that are hard links in a lower layer are one inode with the right count.
put "$L/a" x
mkdir "$L/d"
ln "$L/a" "$L/d/b"
overlay_mount
same "$(ino "$M/a")" "$(ino "$M/d/b")" inode
nlink_is "$M/a" 2
