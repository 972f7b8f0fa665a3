# SPDX-License-Identifier: GPL-2.0-or-later
# Layers recycled as lowers: whiteouts of the former upper layer go on hiding.
layers 2
put "$L2/gone"
put "$L2/dir/gone"
put "$L2/stays" yes
overlay_mount
rm "$M/gone" "$M/dir/gone"
overlay_umount
cp -a "$U/." "$L1/"
rm -rf "$U"
mkdir "$U"
rm -rf "$W"
mkdir "$W"
lower_changed
without_check lower
overlay_mount
lists "$M" dir stays
lists "$M/dir"
