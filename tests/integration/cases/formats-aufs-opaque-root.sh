# SPDX-License-Identifier: GPL-2.0-or-later
# `.wh..wh..opq` in the root of a layer hides everything below it.
layers 2
put "$L2/two"
put "$L1/one"
: >"$L1/.wh..wh..opq"
without_check cross
overlay_mount
lists "$M" one
