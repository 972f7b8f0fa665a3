# SPDX-License-Identifier: GPL-2.0-or-later
# A chroot into the mount runs programs of the lower layer, with mounts inside.
busybox=$(type -P busybox) || skip "no busybox"
mkdir -p "$L/bin" "$L/proc" "$L/tmp"
cp "$busybox" "$L/bin/busybox"
file_is_static() { ! ldd "$1" >/dev/null 2>&1; }
file_is_static "$busybox" || skip "busybox is not static"
for name in sh ls cat mkdir rm mv ln; do ln -s busybox "$L/bin/$name"; done
overlay_mount
chroot "$M" /bin/sh -c 'mkdir /tmp/d && echo hello >/tmp/d/f && mv /tmp/d/f /tmp/g && ln /tmp/g /tmp/h && rm -r /tmp/d /bin/ls'
has "$M/tmp/h" hello
absent "$M/tmp/d" "$M/bin/ls"
mkdir -p "$M/tmp/mnt"
mount -t tmpfs none "$M/tmp/mnt"
fails_with EBUSY sys rmdir "$M/tmp/mnt"
umount "$M/tmp/mnt"
rmdir "$M/tmp/mnt"
