# SPDX-License-Identifier: GPL-2.0-or-later
# image NAME TYPE: a file system of that type in a file, mounted at $T/NAME. A tmpfs needs no file.
[ "$AS" = root ] || skip "only root mounts images"
image() {
	mkdir "$T/$1"
	if [ "$2" = tmpfs ]; then
		mount -t tmpfs none "$T/$1"
	else
		need_program "mkfs.$2"
		truncate -s 320M "$T/$1.image"
		"mkfs.$2" -q "$T/$1.image"
		mount -o loop "$T/$1.image" "$T/$1" 2>/dev/null || skip "no loop device, or no $2"
	fi
	finally umount "$T/$1"
}
