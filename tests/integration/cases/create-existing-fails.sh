# SPDX-License-Identifier: GPL-2.0-or-later
# mkdir, symlink, mknod and link fail with EEXIST for what is there in any layer.
put "$L/low"
mkdir "$L/dir"
put "$U/up"
overlay_mount
for name in low dir up; do
	fails_with EEXIST sys mkdir "$M/$name"
	fails_with EEXIST sys symlink x "$M/$name"
	fails_with EEXIST sys mknod "$M/$name" p
	fails_with EEXIST sys mknod "$M/$name" f
	fails_with EEXIST sys link "$M/up" "$M/$name"
done
not_in_upper low dir
