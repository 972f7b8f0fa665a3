# SPDX-License-Identifier: GPL-2.0-or-later
# An upper layer becomes a lower one of the next overlay, and goes on meaning the same.
layers 2
put "$L2/keep" keep
put "$L2/gone" gone
put "$L2/d/old" old
overlay_mount
rm "$M/gone"
rm -r "$M/d"
mkdir "$M/d"
echo new >"$M/d/new"
mv "$M/keep" "$M/kept"
overlay_umount
rmdir "$L1"
mv "$U" "$L1"
rm -rf "$W"
mkdir "$U" "$W"
lower_changed
overlay_mount
check() {
	lists "$M" d kept
	lists "$M/d" new
	has "$M/kept" keep
}
check
echo x >"$M/d/old"
has "$M/d/old" x
rm "$M/d/old"
overlay_remount
check
