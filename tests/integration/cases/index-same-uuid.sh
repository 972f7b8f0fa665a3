# SPDX-License-Identifier: GPL-2.0-or-later
# Two lower file systems of the same UUID have files of the same handle: none is taken for the other.
[ "$AS" = root ] || skip "only root mounts images"
need_program mkfs.ext4
truncate -s 4M "$T/image1"
mkfs.ext4 -q -O ^has_journal "$T/image1"
mkdir "$T/fs1" "$T/fs2"
mount -o loop "$T/image1" "$T/fs1" 2>/dev/null || skip "no loop device"
put "$T/fs1/a" first
ln "$T/fs1/a" "$T/fs1/b"
umount "$T/fs1"
cp "$T/image1" "$T/image2"
mount -o loop,ro "$T/image1" "$T/fs1"
finally umount "$T/fs1"
mount -o loop "$T/image2" "$T/fs2"
finally umount "$T/fs2"
mv "$T/fs2/a" "$T/fs2/p"
mv "$T/fs2/b" "$T/fs2/q"
put "$T/fs2/p" second
LOWERS=("$T/fs1" "$T/fs2")
without_check ino
index_on
overlay_mount
echo new >"$M/a"
has "$M/a" new
has "$M/p" second
has "$M/q" second
