# SPDX-License-Identifier: GPL-2.0-or-later
# An empty file with the whiteout xattr, in a directory marked opaque=x, is a whiteout.
layers 3
put "$L3/d/gone"
put "$L3/d/stays" stays
mkdir "$L2/d"
touch "$L2/d/gone"
setfattr -n "$X.whiteout" -v y "$L2/d/gone"
setfattr -n "$X.opaque" -v x "$L2/d"
put "$L1/d/one"
overlay_mount
absent "$M/d/gone"
lists "$M/d" stays one
echo new >"$M/d/gone"
has "$M/d/gone" new
overlay_remount
has "$M/d/gone" new
rm "$M/d/gone"
absent "$M/d/gone"
