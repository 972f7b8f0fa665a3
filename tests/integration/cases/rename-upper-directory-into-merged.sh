# SPDX-License-Identifier: GPL-2.0-or-later
# A pure upper directory moved to a name that a deeper layer has in the new parent stays itself.
layers 2
put "$L2/p/d/hidden"
overlay_mount
rm -r "$M/p/d"
mkdir "$M/d"
echo x >"$M/d/up"
mv "$M/d" "$M/p/"
lists "$M/p/d" up
overlay_remount
lists "$M/p/d" up
