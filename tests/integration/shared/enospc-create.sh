# SPDX-License-Identifier: GPL-2.0-or-later
# Of the cases of that name, after small_upper.
for i in 1 2; do
	for name in file dir symlink fifo; do
		put "$L/a$i/$name/x"
		put "$L/over$i/$name"
	done
done
overlay_mount
rm "$M"/over?/*
i=0
for what in blocks inodes; do
	i=$((i + 1))
	for dir in "a$i/file" "over$i"; do
		until_it_fits $what sys open "$M/$dir/file" creat,wronly,excl
	done
	for dir in "a$i/dir" "over$i"; do
		until_it_fits $what sys mkdir "$M/$dir/dir"
	done
	for dir in "a$i/symlink" "over$i"; do
		until_it_fits $what sys symlink "$(printf '%0200d' 5)" "$M/$dir/symlink"
	done
	for dir in "a$i/fifo" "over$i"; do
		until_it_fits $what sys mknod "$M/$dir/fifo" p
	done
done
lists "$M/over1" dir fifo file symlink
lists "$M/over2/dir"
