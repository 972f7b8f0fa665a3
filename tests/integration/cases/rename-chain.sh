# SPDX-License-Identifier: GPL-2.0-or-later
# Names moved in a circle, each over a name that was just freed.
for name in a b c d; do put "$L/$name" "$name"; done
overlay_mount
mv "$M/a" "$M/t"
mv "$M/b" "$M/a"
mv "$M/c" "$M/b"
mv "$M/d" "$M/c"
mv "$M/t" "$M/d"
check() {
	has "$M/a" b
	has "$M/b" c
	has "$M/c" d
	has "$M/d" a
	lists "$M" a b c d
}
check
overlay_remount
check
