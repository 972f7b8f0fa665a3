# SPDX-License-Identifier: GPL-2.0-or-later
# The mount point may lie under a lower layer.
put "$L/f" text
mkdir "$L/mnt"
M=$L/mnt
without_check lower
overlay_mount
has "$M/f" text
rm "$M/f"
absent "$M/f"
is_whiteout "$U/f"
