# SPDX-License-Identifier: GPL-2.0-or-later
# A full upper file system gives ENOSPC; removing makes room, and nothing else is lost.
[ "$AS" = plain ] && skip "cannot mount a tmpfs"
mkdir "$T/small"
mount -t tmpfs -o size=1m none "$T/small"
finally umount "$T/small"
U=$T/small/upper
W=$T/small/work
mkdir "$U" "$W"
put "$L/f" low
without_check ino
overlay_mount
echo keep >"$M/keep"
fails_with ENOSPC dd if=/dev/zero of="$M/big" bs=64k count=64 conv=fsync
has "$M/keep" keep
has "$M/f" low
rm "$M/big"
dd if=/dev/zero of="$M/fits" bs=64k count=8 conv=fsync status=none
size_is "$M/fits" 524288
overlay_remount
has "$M/keep" keep
