# SPDX-License-Identifier: GPL-2.0-or-later
# A child moved out, then the parent moved into the child.
redirects_on
put "$L/p/c/f" f
put "$L/p/g" g
overlay_mount
sys rename "$M/p/c" "$M/c"
sys rename "$M/p" "$M/c/p"
check() {
	lists "$M" c
	lists "$M/c" f p
	lists "$M/c/p" g
}
check
overlay_remount
check
