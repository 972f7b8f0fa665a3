# SPDX-License-Identifier: GPL-2.0-or-later
# `.wh.NAME` beside NAME in one layer: NAME is seen, what is below is not.
layers 2
put "$L2/d/old"
put "$L2/f" below
put "$L1/d/new"
: >"$L1/.wh.d"
put "$L1/f" above
: >"$L1/.wh.f"
without_check cross
overlay_mount
lists "$M" d f
has "$M/f" above
lists "$M/d" new
