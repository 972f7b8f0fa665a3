# SPDX-License-Identifier: GPL-2.0-or-later
# Layers in $T/fs: the kernel's origin and ours, made where there is no FS_IOC_GETFSUUID.
L=$T/fs/lower
U=$T/fs/upper
W=$T/fs/work
mkdir "$L" "$U" "$W"
LOWERS=("$L")
put "$L/file"
put "$L/dir/file"
origins() {
	overlay_mount
	chmod 600 "$M/file" "$M/dir/file"
	overlay_umount
	getfattr -h -e hex -n trusted.overlay.origin "$U/file" "$U/dir" "$U/dir/file" 2>/dev/null |
		sed "s,^# .*/upper/,," >"$T/$1"
	rm -rf "${U:?}"/* "${W:?}"/*
}
FS=kernel origins kernel
without fs-uuid
origins fuse
diff -u "$T/kernel" "$T/fuse"
overlay_mount
