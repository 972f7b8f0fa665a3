# SPDX-License-Identifier: GPL-2.0-or-later
# only: fuse
# The kernel holds our copies to the digests that we stored, and we hold its copies to those that it stored.
shared verity
[ "$AS" = root ] || skip "the kernel takes verity=,metacopy=on of root alone"
kernel_at_least 6.6 || skip "this kernel has no verity= (Linux 6.6)"
grep -qw overlay /proc/filesystems || skip "no kernel overlayfs"
verity_layers
without_check cross
metacopy_on
# FROM TO: what FROM has copied up TO reads, and neither once the data are others.
through() {
	rm -rf "$L" "$U" "$W"
	mkdir "$L" "$U" "$W"
	for name in f replaced opened; do sealed "$L/$name" right; done
	lower_changed
	FS=$1 overlay_mount -o verity=require
	chmod 600 "$M"/*
	FS=$1 overlay_umount
	for name in f replaced opened; do mark_is "$U/$name" "$(mark_of "$L/$name")"; done
	rm "$L/replaced" "$L/opened"
	sealed "$L/replaced" wrong
	put "$L/opened" right
	lower_changed
	for FS in "$1" "$2"; do
		overlay_mount -o verity=require
		has "$M/f" right
		mode_is "$M/f" 600
		refused "$M/replaced" "$M/opened"
		overlay_umount
	done
	FS=$2 overlay_mount -o verity=require
	echo more >>"$M/f"
	has "$M/f" $'right\nmore'
	FS=$2 overlay_umount
	FS=$1 overlay_mount -o verity=require
	has "$M/f" $'right\nmore'
	FS=$1 overlay_umount
}
through fuse kernel
through kernel fuse
