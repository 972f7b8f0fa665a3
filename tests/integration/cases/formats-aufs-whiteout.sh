# SPDX-License-Identifier: GPL-2.0-or-later
# `.wh.NAME` in a lower layer hides NAME below it, as container storage unpacks images.
layers 2
put "$L2/d/gone"
put "$L2/d/stays"
put "$L2/dirgone/x"
put "$L1/d/.wh.gone"
: >"$L1/d/.wh.gone"
: >"$L1/.wh.dirgone"
without_check cross
overlay_mount
lists "$M/d" stays
lists "$M" d
absent "$M/d/gone" "$M/dirgone"
fails_with ENOENT sys stat "$M/d/.wh.gone"
echo new >"$M/d/gone"
has "$M/d/gone" new
overlay_remount
has "$M/d/gone" new
rm "$M/d/gone"
lists "$M/d" stays
