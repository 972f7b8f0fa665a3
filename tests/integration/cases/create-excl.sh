# SPDX-License-Identifier: GPL-2.0-or-later
# O_EXCL fails for what is there in any layer, and works over a whiteout.
layers 2
put "$L2/low"
put "$U/up"
put "$L2/white"
whiteout "$L1/white"
ln -s nowhere "$L2/dangling"
mkdir "$L2/dir"
overlay_mount
for name in low up dangling dir; do
	fails_with EEXIST sys open "$M/$name" wronly,creat,excl
done
sys open "$M/white" wronly,creat,excl
size_is "$M/white" 0
rm "$M/low"
sys open "$M/low" wronly,creat,excl
