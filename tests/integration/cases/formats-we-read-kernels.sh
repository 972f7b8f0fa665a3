# SPDX-License-Identifier: GPL-2.0-or-later
# What kernel overlayfs leaves is shown alike.
grep -qw overlay /proc/filesystems || skip "no kernel overlayfs"
layers 2
put "$L2/d/x"
put "$L2/e/y" y
put "$L2/f" f
put "$L1/g" g
FS=kernel overlay_mount
rm -r "$M/d"
mkdir "$M/d"
echo x >"$M/d/z"
echo more >>"$M/e/y"
rm "$M/f"
ln "$M/g" "$M/g2"
chmod 711 "$M/e"
mkdir -p "$M/new/deep"
mv "$M/new" "$M/e/new"
setfattr -n "$X.opaque" -v y "$M/e"
before=$(treedump "$M")
FS=kernel overlay_umount
overlay_mount
same "$before" "$(treedump "$M")" tree
