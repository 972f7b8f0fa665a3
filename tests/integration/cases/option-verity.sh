# SPDX-License-Identifier: GPL-2.0-or-later
# Any verity= is mounted: since Linux 6.16 it asks for no other option and goes with all.
[ "$FS" = fuse ] || kernel_at_least 6.16 || skip "before Linux 6.16 verity= went with metacopy=on alone"
put "$L/f" text
for options in verity=on verity=require verity=off verity=require,metacopy=off verity=on,redirect_dir=nofollow; do
	overlay_mount -o "$options"
	has "$M/f" text
	overlay_umount
done
fails overlay_mount -o verity=maybe
overlay_mount -o verity=require
chmod 600 "$M/f"
no_xattr "$U/f" "$X.metacopy"
