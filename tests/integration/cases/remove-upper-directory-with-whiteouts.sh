# SPDX-License-Identifier: GPL-2.0-or-later
# A pure upper directory in which a whiteout was left can be removed.
put "$L/low"
overlay_mount
mkdir "$M/d"
mv "$M/low" "$M/d/low"
rm "$M/d/low"
rmdir "$M/d"
absent "$M/d"
not_in_upper d
