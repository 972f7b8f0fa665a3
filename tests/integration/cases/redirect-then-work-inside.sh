# SPDX-License-Identifier: GPL-2.0-or-later
# Within a renamed directory everything works: write, remove, make anew, rename, link.
redirects_on
layers 2
put "$L2/d/a" a
put "$L2/d/b" b
put "$L2/d/sub/c" c
put "$L1/d/e" e
overlay_mount
sys rename "$M/d" "$M/n"
echo more >>"$M/n/a"
rm "$M/n/b"
rm -r "$M/n/sub"
mkdir "$M/n/sub"
mv "$M/n/e" "$M/e"
ln "$M/n/a" "$M/n/a2"
check() {
	lists "$M" e n
	lists "$M/n" a a2 sub
	lists "$M/n/sub"
	has "$M/n/a2" $'a\nmore'
	has "$M/e" e
}
check
overlay_remount
check
rm -r "$M/n"
lists "$M" e
overlay_remount
lists "$M" e
