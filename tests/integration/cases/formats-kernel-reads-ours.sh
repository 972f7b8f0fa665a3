# SPDX-License-Identifier: GPL-2.0-or-later
# What the mount leaves, kernel overlayfs shows alike: whiteouts, opaque directories, links, xattrs.
grep -qw overlay /proc/filesystems || skip "no kernel overlayfs"
layers 2
put "$L2/d/x"
put "$L2/e/y" y
put "$L2/f" f
put "$L1/g" g
overlay_mount
rm -r "$M/d"
mkdir "$M/d"
echo x >"$M/d/z"
echo more >>"$M/e/y"
rm "$M/f"
ln "$M/g" "$M/g2"
setfattr -n "$X.opaque" -v y "$M/e"
before=$(treedump "$M")
overlay_umount
FS=kernel overlay_mount
same "$before" "$(treedump "$M")" "the tree by kernel overlayfs"
lists "$M/d" z
lists "$M/e" y
FS=kernel overlay_umount
