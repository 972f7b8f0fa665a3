# SPDX-License-Identifier: GPL-2.0-or-later
# The mount point may be the lower layer itself: layers are opened before mounting.
# also: plain
put "$L/f" text
M=$L
overlay_mount
has "$M/f" text
echo more >"$M/g"
has "$U/g" more
without_check lower
