# SPDX-License-Identifier: GPL-2.0-or-later
# RENAME_EXCHANGE swaps two files, of either layer.
put "$L/a" a
put "$L/b" b
put "$L/c" c
put "$L/d" d
overlay_mount
echo u >"$M/up"
echo v >"$M/up2"
echo more >>"$M/d"
sys rename "$M/a" "$M/b" exchange
sys rename "$M/c" "$M/up" exchange
sys rename "$M/d" "$M/up2" exchange
check() {
	has "$M/a" b
	has "$M/b" a
	has "$M/c" u
	has "$M/up" c
	has "$M/d" v
	has "$M/up2" $'d\nmore'
	lists "$M" a b c d up up2
}
check
overlay_remount
check
