# SPDX-License-Identifier: GPL-2.0-or-later
# While the upper does not answer, and the kernel holds data that is to be written there, SIGTERM ends the mount, and
# the daemon: it does not wait for ever for what waits for it.
# only: fuse
mkdir "$T/base" "$T/base-upper" "$T/base-work" "$T/writable"
"$FUSE_OVERLAY" -o "lowerdir=$T/base,upperdir=$T/base-upper,workdir=$T/base-work,allow_other" "$T/writable"
BELOW=$(daemons)
# shellcheck disable=SC2016  # when the case ends
finally 'kill -KILL $BELOW; umount -l "$T/writable"'
mkdir "$T/writable/upper" "$T/writable/work"
U=$T/writable/upper W=$T/writable/work
without_check lower remount cross ino work
overlay_mount -o writeback
shared stop-below
echo one >"$M/f"
sync "$M/f"
stop_below
# It begins to write back, and hangs.
echo more | dd of="$M/f" oflag=append conv=notrunc,fsync 2>/dev/null &
sleep 0.5
# Its patience (src/mount/serve.c) with each step of the end.
end_by TERM 40
