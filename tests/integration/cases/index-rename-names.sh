# SPDX-License-Identifier: GPL-2.0-or-later
# Names of a hard-linked lower file are renamed, also over one another.
index_on
put "$L/a" x
ln "$L/a" "$L/b"
ln "$L/a" "$L/c"
put "$L/other" o
overlay_mount
mv "$M/a" "$M/n"
nlink_is "$M/n" 3
sys rename "$M/n" "$M/b"
exists "$M/n" "$M/b"
mv "$M/other" "$M/c"
nlink_is "$M/b" 2
check() {
	has "$M/n" x
	has "$M/b" x
	has "$M/c" o
	same "$(ino "$M/n")" "$(ino "$M/b")" inode
}
check
overlay_remount
check
echo more >>"$M/n"
has "$M/b" $'x\nmore'
