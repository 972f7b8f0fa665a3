# SPDX-License-Identifier: GPL-2.0-or-later
# A copy-up that meets a full file system fails with ENOSPC and leaves the upper layer as it was.
[ "$AS" = plain ] && skip "cannot mount a tmpfs"
mkdir "$T/small"
mount -t tmpfs -o size=256k none "$T/small"
finally umount "$T/small"
U=$T/small/upper
W=$T/small/work
mkdir "$U" "$W"
head -c 2000000 /dev/urandom >"$L/big"
sum=$(sha256sum <"$L/big")
without_check ino
overlay_mount
fails_with ENOSPC sys chmod "$M/big" 600
mode_is "$M/big" 644
same "$sum" "$(sha256sum <"$M/big")" sha256
not_in_upper big
fails_with ENOSPC sys truncate "$M/big" 1900000
size_is "$M/big" 2000000
rm "$M/big"
absent "$M/big"
echo fits >"$M/small"
