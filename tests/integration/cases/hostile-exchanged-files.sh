# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# Files and directories in the middle of a way keep changing places with symbolic links that lead out, in upper
# and lower: nothing of outside is seen or touched, and the daemon lives.
# only: fuse
shared hostile-walk
for i in {1..20}; do
	for layer in "$L" "$U"; do
		put "$layer/a$i/f" inside
		ln -s ../../outside/f "$layer/a$i/f.out"
		put "$layer/a$i/d/g" inside
		ln -s ../../outside/d "$layer/a$i/d.out"
	done
done
exchanger "$L"/a{1..20}/{f,d} "$U"/a{1..20}/{f,d}
for _ in 1 2 3 4 5; do
	overlay_mount
	walk_and_change 0.8
	overlay_umount
done
nothing_happened_outside
