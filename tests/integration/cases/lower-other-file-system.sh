# SPDX-License-Identifier: GPL-2.0-or-later
# The lower layer on a tmpfs, the upper on a disk: copy-up crosses file systems.
[ "$AS" = plain ] && skip "cannot mount a tmpfs"
mount -t tmpfs none "$L"
finally umount "$L"
put "$L/d/f" text
mkfifo "$L/d/p"
ln -s x "$L/d/l"
head -c 3000000 /dev/urandom >"$L/big"
sum=$(sha256sum <"$L/big")
without_check ino
overlay_mount
chmod 600 "$M/big" "$M/d/f"
mv "$M/d/p" "$M/d/p2"
mv "$M/d/l" "$M/d/l2"
same "$sum" "$(sha256sum <"$M/big")" sha256
lists "$M/d" f p2 l2
