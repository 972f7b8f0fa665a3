# SPDX-License-Identifier: GPL-2.0-or-later
# `.wh..wh..opq` makes a directory opaque, and is not seen.
layers 3
put "$L3/d/three"
put "$L2/d/two"
: >"$L2/d/.wh..wh..opq"
put "$L1/d/one"
without_check cross
overlay_mount
lists "$M/d" one two
fails_with ENOENT sys stat "$M/d/.wh..wh..opq"
rm -r "$M/d"
mkdir "$M/d"
lists "$M/d"
overlay_remount
lists "$M/d"
