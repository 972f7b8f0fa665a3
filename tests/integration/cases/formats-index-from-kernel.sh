# SPDX-License-Identifier: GPL-2.0-or-later
# Hard links that the kernel kept together by its index are one file here as well.
[ "$AS" = root ] || skip "an index comes from a kernel overlay mounted by root"
grep -qw overlay /proc/filesystems || skip "no kernel overlayfs"
put "$L/a" text
ln "$L/a" "$L/b"
ln "$L/a" "$L/c"
FS=kernel overlay_mount -o index=on
echo more >>"$M/a"
rm "$M/c"
FS=kernel overlay_umount
index_on
overlay_mount
has "$M/a" $'text\nmore'
has "$M/b" $'text\nmore'
same "$(ino "$M/a")" "$(ino "$M/b")" "inode number"
nlink_is "$M/a" 2
