# SPDX-License-Identifier: GPL-2.0-or-later
# A whiteout in the only lower layer is not shown.
whiteout "$L/d/w" "$L/w"
put "$L/d/f"
without_check cross
overlay_mount
absent "$M/w"
mkdir "$M/w"
lists "$M/w"
lists "$M/d" f
