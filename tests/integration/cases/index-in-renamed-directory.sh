# SPDX-License-Identifier: GPL-2.0-or-later
# Hard links below a renamed directory, and in several lower layers, keep together.
index_on
redirects_on
layers 2
mkdir "$L1/one" "$L2/one" "$L2/two"
put "$L1/one/a" upper-of-two
ln "$L1/one/a" "$L1/b"
put "$L2/two/c" lower-of-two
ln "$L2/two/c" "$L2/one/d"
overlay_mount
mv "$M/one" "$M/three"
echo more >>"$M/three/a"
has "$M/b" $'upper-of-two\nmore'
echo more >>"$M/two/c"
has "$M/three/d" $'lower-of-two\nmore'
check() {
	for i in b three/a two/c three/d; do nlink_is "$M/$i" 2; done
	same "$(ino "$M/b")" "$(ino "$M/three/a")" inode
	same "$(ino "$M/two/c")" "$(ino "$M/three/d")" inode
}
check
overlay_remount
check
mv "$M/three/d" "$M/e"
rm "$M/two/c"
nlink_is "$M/e" 1
overlay_remount
nlink_is "$M/e" 1
has "$M/e" $'lower-of-two\nmore'
rm -r "$M/three"
nlink_is "$M/b" 1
