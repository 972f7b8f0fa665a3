# SPDX-License-Identifier: GPL-2.0-or-later
# A directory of a lower layer is renamed in its own directory: nothing of it is copied.
redirects_on
put "$L/d/sub/f" content
put "$L/d/g" g
overlay_mount
sys rename "$M/d" "$M/e"
check() {
	lists "$M" e
	lists "$M/e" g sub
	has "$M/e/sub/f" content
	absent "$M/d"
}
check
is_whiteout "$U/d"
lists "$U/e"
xattr_is "$U/e" "$X.redirect" d
overlay_remount
check
echo more >>"$M/e/sub/f"
has "$U/e/sub/f" $'content\nmore'
