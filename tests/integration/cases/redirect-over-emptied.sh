# SPDX-License-Identifier: GPL-2.0-or-later
# Over a lower directory that was emptied, and over an empty one.
redirects_on
put "$L/d/f" content
put "$L/t/gone"
mkdir "$L/empty"
put "$L/e/g" g
overlay_mount
rm "$M/t/gone"
sys rename "$M/d" "$M/t"
sys rename "$M/e" "$M/empty"
check() {
	lists "$M" empty t
	lists "$M/t" f
	lists "$M/empty" g
}
check
overlay_remount
check
