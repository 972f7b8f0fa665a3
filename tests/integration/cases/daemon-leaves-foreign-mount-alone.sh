# SPDX-License-Identifier: GPL-2.0-or-later
# Ended by a signal it does not unmount what somebody mounted over it.
# only: fuse
[ "$AS" = plain ] && skip "cannot mount a tmpfs"
put "$L/f" text
overlay_mount
id=${DAEMONS% }
mount -t tmpfs other "$M"
echo x >"$M/foreign"
kill -TERM "$id"
wait_gone "$id"
has "$M/foreign" x
umount "$M"
while mountpoint -q "$M"; do umount -l "$M"; done
MOUNTED=
