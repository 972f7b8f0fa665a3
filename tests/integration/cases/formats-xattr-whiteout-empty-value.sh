# SPDX-License-Identifier: GPL-2.0-or-later
# The value of the whiteout xattr does not matter; a file with content is no whiteout.
layers 2
put "$L2/d/gone"
put "$L2/d/full" below
mkdir "$L1/d"
touch "$L1/d/gone"
echo text >"$L1/d/full"
setfattr -n "$X.whiteout" "$L1/d/gone"
setfattr -n "$X.whiteout" -v y "$L1/d/full"
setfattr -n "$X.opaque" -v x "$L1/d"
overlay_mount
absent "$M/d/gone"
has "$M/d/full" text
lists "$M/d" full
