# SPDX-License-Identifier: GPL-2.0-or-later
# A name that a middle layer's whiteout hides already: made and removed, it stays gone.
layers 3
put "$L3/f" three
whiteout "$L1/f"
overlay_mount
absent "$M/f"
echo new >"$M/f"
has "$M/f" new
rm "$M/f"
absent "$M/f"
overlay_remount
absent "$M/f"
