# SPDX-License-Identifier: GPL-2.0-or-later
# A hard link to a lower file copies it up once: both names are one file.
put "$L/f" text
mkdir "$L/d"
overlay_mount
ln "$M/f" "$M/d/g"
same "$(ino "$M/f")" "$(ino "$M/d/g")" inode
nlink_is "$M/f" 2
in_upper f d/g
echo more >>"$M/f"
has "$M/d/g" $'text\nmore'
same "$(ino "$U/f")" "$(ino "$U/d/g")" "inode in the upper layer"
overlay_remount
has "$M/d/g" $'text\nmore'
same "$(ino "$M/f")" "$(ino "$M/d/g")" inode
