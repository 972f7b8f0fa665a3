# SPDX-License-Identifier: GPL-2.0-or-later
# An opaque directory in a middle layer is merged with what is above it, not with what is below.
layers 4
put "$L4/d/four"
put "$L3/d/three"
opaque "$L2/d"
put "$L2/d/two"
put "$L1/d/one"
overlay_mount
lists "$M/d" one two
