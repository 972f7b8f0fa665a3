# SPDX-License-Identifier: GPL-2.0-or-later
# Two files that have only metadata in the upper change places, and a directory moves with one in it.
metacopy_on
put "$L/a" A
put "$L/d/b" B
overlay_mount
chmod 600 "$M/a" "$M/d/b"
sys rename "$M/a" "$M/d/b" exchange
mv "$M/d" "$M/e"
check() {
	has "$M/a" B
	has "$M/e/b" A
	lists "$M" a e
}
check
overlay_remount
check
mv "$M/e/b" "$M/c"
has "$M/c" A
overlay_remount
has "$M/c" A
has "$M/a" B
