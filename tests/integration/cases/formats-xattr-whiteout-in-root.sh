# SPDX-License-Identifier: GPL-2.0-or-later
# An xattr whiteout in the root of a layer.
layers 3
put "$L3/gone"
put "$L3/dir/x"
touch "$L2/gone" "$L2/dir"
for p in gone dir; do setfattr -n "$X.whiteout" -v y "$L2/$p"; done
setfattr -n "$X.opaque" -v x "$L2"
put "$L1/one"
overlay_mount
lists "$M" one
absent "$M/gone" "$M/dir"
mkdir "$M/dir"
lists "$M/dir"
