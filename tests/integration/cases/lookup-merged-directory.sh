# SPDX-License-Identifier: GPL-2.0-or-later
# A directory in several layers shows the names of all, each from its topmost layer.
layers 3
put "$L3/d/three" 3
put "$L3/d/both" 3
put "$L2/d/two" 2
put "$L2/d/both" 2
put "$L1/d/one" 1
put "$U/d/up" u
overlay_mount
lists "$M/d" one two three both up
has "$M/d/both" 2
