# SPDX-License-Identifier: GPL-2.0-or-later
# What a data-only layer gives is held to the digest, too, and without metacopy=on.
shared verity
[ "$AS" = root ] || [ "$FS" = fuse ] || kernel_at_least 6.16 || skip "before Linux 6.16 not in a user namespace"
verity_layers
data_layers 2
sealed "$D1/right" right
sealed "$D1/wrong" wrong
put "$D2/plain" right
right=$(mark_of "$D1/right")
marked "$L/right" 6 "$right" /right
marked "$L/wrong" 6 "$right" /wrong
marked "$L/plain" 6 "$right" /plain
marked "$L/none" 6 "$NONE" /right
without_check remount cross
overlay_mount -o verity=on
has "$M/right" right
has "$M/none" right
refused "$M/wrong" "$M/plain"
overlay_umount
overlay_mount -o verity=require
has "$M/right" right
refused "$M/wrong" "$M/plain" "$M/none"
fails_with EIO sys chmod "$M/wrong" 600
chmod 600 "$M/right"
has "$M/right" right
overlay_remount
has "$M/right" right
mode_is "$M/right" 600
