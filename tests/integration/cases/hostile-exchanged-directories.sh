# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# A directory of a layer keeps changing places with a symbolic link that leads out: nothing of outside is seen
# or touched, and the daemon lives.
# only: fuse
shared hostile-walk
for i in {1..40}; do
	put "$L/a$i/f" inside
	mkdir "$L/a$i/d"
	ln -s ../outside "$L/a$i.out"
done
exchanger "$L"/a{1..40}
for _ in 1 2 3 4 5; do
	overlay_mount
	walk_and_change 0.8
	overlay_umount
	rm -rf "${U:?}"/*
done
nothing_happened_outside
