# SPDX-License-Identifier: GPL-2.0-or-later
# After much of everything, remount shows exactly the same tree.
layers 2
put "$L2/a/b/c" c
put "$L2/a/x" x
put "$L1/a/b/d" d
put "$L2/gone/x"
put "$L2/file" f
ln -s a "$L1/link"
overlay_mount
rm -r "$M/gone"
mkdir "$M/gone"
echo new >"$M/gone/new"
echo more >>"$M/a/b/c"
mv "$M/a/x" "$M/y"
ln "$M/y" "$M/a/y2"
rm "$M/file"
ln -s y "$M/file"
chmod 711 "$M/a/b"
rm "$M/a/b/d"
mkfifo "$M/a/b/d"
setfattr -n user.a -v b "$M/a"
before=$(treedump "$M")
for _ in 1 2 3; do
	overlay_remount
	same "$before" "$(treedump "$M")" tree
done
