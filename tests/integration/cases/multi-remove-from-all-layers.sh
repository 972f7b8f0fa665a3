# SPDX-License-Identifier: GPL-2.0-or-later
# One whiteout hides a name of every lower layer.
layers 3
put "$L3/f"
put "$L2/f"
put "$L1/f"
overlay_mount
rm "$M/f"
absent "$M/f"
is_whiteout "$U/f"
overlay_remount
absent "$M/f"
