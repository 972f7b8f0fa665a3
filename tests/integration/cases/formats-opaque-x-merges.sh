# SPDX-License-Identifier: GPL-2.0-or-later
# A directory with opaque=x merges with what is below it.
layers 2
put "$L2/d/two"
put "$L1/d/one"
setfattr -n "$X.opaque" -v x "$L1/d"
overlay_mount
lists "$M/d" one two
