# SPDX-License-Identifier: GPL-2.0-or-later
# A hard link made where a lower file was removed.
put "$L/a" low
overlay_mount
echo up >"$M/b"
rm "$M/a"
ln "$M/b" "$M/a"
has "$M/a" up
nlink_is "$M/a" 2
overlay_remount
same "$(ino "$M/a")" "$(ino "$M/b")" "inode"
nlink_is "$M/b" 2
