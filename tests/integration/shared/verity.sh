# SPDX-License-Identifier: GPL-2.0-or-later
# Digests of fs-verity in the marks of metacopies. That kernels before 6.6 know none is no fault of theirs.
if ! kernel_at_least 6.6; then
	[ "$FS" = fuse ] || skip "this kernel has no verity= (Linux 6.6)"
	without_check cross
fi

# verity on|require [metacopy=on]: the options for both.
verity() {
	fuse_options "verity=$1" "${@:2}"
	kernel_options "verity=$1" "${@:2}"
	[ "$AS" = root ] || without_check cross
}

# All layers are on a file system with fs-verity: that of the tests, or an ext4 of their own. Comes first.
verity_layers() {
	: >"$T/try"
	if ! sys enable_verity "$T/try" 2>/dev/null; then
		[ "$AS" = root ] || skip "the layers' file system has no fs-verity, and only root mounts another"
		[ -e /sys/fs/ext4/features/verity ] || skip "this kernel's ext4 has no fs-verity"
		truncate -s 64M "$T.image"
		mkfs.ext4 -q -b 4096 -O verity "$T.image"
		mount -o loop "$T.image" "$T" 2>/dev/null || skip "no loop device here"
		finally umount -l "$T"
		cd "$T"
		mkdir "$L" "$U" "$W" "$M"
	fi
	rm -f "$T/try"
}

# sealed FILE TEXT [ALGORITHM]: as put, with fs-verity: 1 is SHA-256, 2 SHA-512.
sealed() {
	put "$1" "$2"
	sys enable_verity "$1" "${3-1}"
}

# mark_of DATA: the mark of a metacopy of that file, as the kernel makes it, in hexadecimal.
mark_of() {
	local measured algorithm digest
	measured=$(sys measure_verity "$1")
	read -r algorithm digest <<<"$measured"
	printf '0x00%02x00%02x%s' $((4 + ${#digest} / 2)) "$algorithm" "$digest"
}

# marked FILE SIZE MARK [REDIRECT]: a metacopy with that mark, of which NONE is the one without a digest.
NONE=0x
marked() {
	metacopy "$1" "$2" "${@:4}"
	[ "$3" = "$NONE" ] || setfattr -n "$X.metacopy" -v "$3" "$1"
}

# mark_is FILE MARK: so the overlay has marked it.
mark_is() {
	local text
	text=$(getfattr -h --absolute-names -e hex -n "$X.metacopy" "$1" 2>/dev/null | sed -n "s/^$X.metacopy=*//p")
	same "${2#0x}" "${text#0x}" "metacopy mark of $1"
}

# refused FILE...: they are there, their data are not to be had.
refused() {
	local file
	for file; do
		stat "$file" >/dev/null
		fails_with 'EIO|ERANGE' cat "$file"
	done
}
