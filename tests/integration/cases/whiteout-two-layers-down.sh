# SPDX-License-Identifier: GPL-2.0-or-later
# A name that only the lowest of several layers has is whited out as well.
layers 4
put "$L4/d/only4"
mkdir "$L1/d" "$L2/d"
overlay_mount
rm "$M/d/only4"
is_whiteout "$U/d/only4"
overlay_remount
lists "$M/d"
