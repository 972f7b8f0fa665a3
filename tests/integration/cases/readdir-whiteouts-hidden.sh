# SPDX-License-Identifier: GPL-2.0-or-later
# Whiteouts are never listed, in whichever layer they are.
layers 3
put "$L3/d/a"
put "$L3/d/b"
put "$L3/d/c"
whiteout "$L2/d/a"
whiteout "$L1/d/b"
whiteout "$L1/d/nothing-below"
mkdir "$U/d"
whiteout "$U/d/c"
overlay_mount
lists "$M/d"
for name in a b c nothing-below; do absent "$M/d/$name"; done
