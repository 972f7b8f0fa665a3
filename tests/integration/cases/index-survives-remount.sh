# SPDX-License-Identifier: GPL-2.0-or-later
# With index=on hard links of a lower layer stay one file over copy-up, removal and remount.
index_on
put "$L/a" x
mkdir "$L/d"
ln "$L/a" "$L/d/b"
ln "$L/a" "$L/c"
overlay_mount
echo more >>"$M/a"
nlink_is "$M/c" 3
rm "$M/c"
nlink_is "$M/a" 2
ln "$M/a" "$M/e"
check() {
	nlink_is "$M/a" 3
	nlink_is "$M/d/b" 3
	same "$(ino "$M/a")" "$(ino "$M/d/b")" inode
	has "$M/d/b" $'x\nmore'
	has "$M/e" $'x\nmore'
}
check
overlay_remount
check
rm "$M/a" "$M/d/b"
nlink_is "$M/e" 1
overlay_remount
nlink_is "$M/e" 1
has "$M/e" $'x\nmore'
