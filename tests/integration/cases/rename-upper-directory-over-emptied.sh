# SPDX-License-Identifier: GPL-2.0-or-later
# An upper directory replaces a merged one that was emptied, and shows nothing of it.
layers 2
put "$L2/d/two"
put "$L1/d/one"
overlay_mount
rm "$M/d/one" "$M/d/two"
mkdir "$M/new"
echo x >"$M/new/up"
sys rename "$M/new" "$M/d"
lists "$M/d" up
lists "$M" d
overlay_remount
lists "$M/d" up
