# SPDX-License-Identifier: GPL-2.0-or-later
# A lower directory that shows nothing, for a layer above whites all out, can be removed.
layers 2
put "$L2/d/a"
whiteout "$L1/d/a"
overlay_mount
lists "$M/d"
rmdir "$M/d"
absent "$M/d"
overlay_remount
absent "$M/d"
