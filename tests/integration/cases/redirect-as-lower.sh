# SPDX-License-Identifier: GPL-2.0-or-later
# A layer that holds redirects becomes a lower one: they go on being followed.
redirects_on
layers 2
put "$L2/d/sub/f" content
overlay_mount
sys rename "$M/d" "$M/e"
sys rename "$M/e/sub" "$M/s"
overlay_umount
rmdir "$L1"
mv "$U" "$L1"
rm -rf "$W"
mkdir "$U" "$W"
lower_changed
overlay_mount
lists "$M" e s
has "$M/s/f" content
lists "$M/e"
sys rename "$M/s" "$M/e/t"
has "$M/e/t/f" content
overlay_remount
has "$M/e/t/f" content
lists "$M" e
