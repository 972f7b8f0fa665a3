# SPDX-License-Identifier: GPL-2.0-or-later
# A merged directory is renamed with the names of all its layers.
redirects_on
layers 3
put "$L3/d/three" 3
put "$L2/d/two" 2
put "$L1/d/one" 1
overlay_mount
echo up >"$M/d/up"
rm "$M/d/two"
sys rename "$M/d" "$M/e"
check() {
	lists "$M/e" one three up
	has "$M/e/three" 3
	lists "$M" e
}
check
overlay_remount
check
