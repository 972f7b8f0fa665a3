# SPDX-License-Identifier: GPL-2.0-or-later
# Opaque below opaque, one by xattr and one by name: the topmost decides, and removing makes nothing seen.
layers 4
put "$L4/d/four"
put "$L3/d/three"
: >"$L3/d/.wh..wh..opq"
opaque "$L2/d"
put "$L2/d/two"
put "$L1/d/one"
without_check cross
overlay_mount
lists "$M/d" one two
rm "$M/d/one" "$M/d/two"
lists "$M/d"
rmdir "$M/d"
mkdir "$M/d"
lists "$M/d"
overlay_remount
lists "$M/d"
