# SPDX-License-Identifier: GPL-2.0-or-later
# only: fuse
# The kernel shows as f_fsid the UUID that we have kept in the upper, and it stays when both mount in turn.
[ "$AS" = root ] || skip "in a user namespace option-uuid-on shows the same"
kernel_fsid() {
	mount -t overlay overlay -o "lowerdir=$L,upperdir=$U,workdir=$W,uuid=auto" "$M"
	stat -f -c %i "$M"
	umount "$M"
}
overlay_mount -o uuid=on
overlay_umount
read -r low high < <(getfattr -h --absolute-names --only-values -n "$X.uuid" "$U" | od -An -tx8)
fsid=$((0x$low ^ 0x$high)) # the kernel's uuid_to_fsid(); stat(1) prints its low half first
same "$(printf %x $((fsid << 32 | (fsid >> 32 & 0xffffffff))))" "$(kernel_fsid)" f_fsid
before=$(kernel_fsid)
overlay_mount -o uuid=auto
echo x >"$M/new"
overlay_umount
same "$before" "$(kernel_fsid)" f_fsid
