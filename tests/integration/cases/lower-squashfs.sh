# SPDX-License-Identifier: GPL-2.0-or-later
# A lower layer on a mounted squashfs image.
[ "$AS" = root ] || skip "only root mounts images"
need_program mksquashfs
put "$L/d/f" text
ln "$L/d/f" "$L/d/g"
head -c 300000 /dev/zero >"$L/big"
setfattr -n user.a -v b "$L/d/f"
mkfifo "$L/p"
mksquashfs "$L" "$T/image" -quiet -no-progress >/dev/null
mkdir "$T/squash"
mount -o loop,ro "$T/image" "$T/squash" 2>/dev/null || skip "no squashfs or no loop device"
finally umount "$T/squash"
LOWERS=("$T/squash")
without_check ino
kernel_options xino=off
overlay_mount
has "$M/d/f" text
xattr_is "$M/d/f" user.a b
echo more >>"$M/d/f"
has "$M/d/f" $'text\nmore'
size_is "$M/big" 300000
rm -r "$M/d"
mkdir "$M/d"
lists "$M/d"
