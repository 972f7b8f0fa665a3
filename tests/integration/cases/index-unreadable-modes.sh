# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# Names of a lower file whose mode keeps even its owner out are removed, renamed, linked and remounted.
index_on
put "$L/a" text
chmod 444 "$L/a"
ln "$L/a" "$L/b"
ln "$L/a" "$L/c"
put "$L/p" text
ln "$L/p" "$L/q"
overlay_mount
rm -f "$M/a"
mv "$M/b" "$M/b2"
ln "$M/c" "$M/d"
nlink_is "$M/d" 3
chmod 000 "$M/p"
nlink_is "$M/q" 2
overlay_remount
nlink_is "$M/b2" 3
mode_is "$M/q" 000
same "$(ino "$M/p")" "$(ino "$M/q")" inode
rm -f "$M/p"
nlink_is "$M/q" 1
mode_is "$M/q" 000
chmod 600 "$M/q"
has "$M/q" text
