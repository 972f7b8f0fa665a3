# SPDX-License-Identifier: GPL-2.0-or-later
# Opaque directories in several layers: the topmost decides.
layers 3
put "$L3/d/three"
opaque "$L2/d"
put "$L2/d/two"
opaque "$L1/d"
put "$L1/d/one"
overlay_mount
lists "$M/d" one
