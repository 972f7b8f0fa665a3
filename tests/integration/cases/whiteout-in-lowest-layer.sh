# SPDX-License-Identifier: GPL-2.0-or-later
# A whiteout with nothing below it is not shown either.
layers 2
whiteout "$L2/w"
whiteout "$L2/d/w"
put "$L1/d/f"
overlay_mount
absent "$M/w" "$M/d/w"
lists "$M/d" f
echo x >"$M/w"
has "$M/w" x
