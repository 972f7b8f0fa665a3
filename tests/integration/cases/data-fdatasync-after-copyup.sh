# SPDX-License-Identifier: GPL-2.0-or-later
# only: fuse
# What fdatasync(2) has written is there after a crash, also where the write before it copied the file up.
[ "$AS" = root ] || skip "only root mounts images"
need_program mkfs.ext4
redirects_on
truncate -s 32M "$T/image"
mkfs.ext4 -q "$T/image"
mkdir "$T/disk" "$T/crashed"
mount -o loop,commit=600 "$T/image" "$T/disk" 2>/dev/null || skip "no loop device"
finally umount "$T/disk"
mkdir "$T/disk/u" "$T/disk/w"
U=$T/disk/u W=$T/disk/w
without_check ino cross
put "$L/plain" old
put "$L/metacopy" old
metacopy_on
overlay_mount
chmod 600 "$M/metacopy"
sync
py <<'PY'
for name in "plain", "metacopy":
    fd = os.open(M + "/" + name, os.O_RDWR)
    os.pwrite(fd, b"new", 0)
    os.fdatasync(fd)
PY
cp "$T/image" "$T/image-after-crash"
mount -o loop "$T/image-after-crash" "$T/crashed"
finally umount "$T/crashed"
has "$T/crashed/u/plain" new
has "$T/crashed/u/metacopy" new
! getfattr -d -m metacopy "$T/crashed/u/metacopy" 2>/dev/null | grep -q metacopy || fail "still a metacopy"
