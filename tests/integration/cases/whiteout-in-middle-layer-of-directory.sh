# SPDX-License-Identifier: GPL-2.0-or-later
# A directory above a whiteout is not merged with the one below it.
layers 3
put "$L3/d/old" three
whiteout "$L2/d"
put "$L1/d/new" one
overlay_mount
lists "$M/d" new
echo more >"$M/d/more"
lists "$M/d" new more
overlay_remount
lists "$M/d" new more
