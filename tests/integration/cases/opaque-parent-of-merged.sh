# SPDX-License-Identifier: GPL-2.0-or-later
# A directory inside an opaque one of a middle layer still merges with layers above.
layers 3
put "$L3/d/s/three"
opaque "$L2/d"
put "$L2/d/s/two"
put "$L1/d/s/one"
overlay_mount
lists "$M/d" s
lists "$M/d/s" one two
