# SPDX-License-Identifier: GPL-2.0-or-later
# A file of which the kernel copied up only the metadata shows its data, and takes writes.
[ "$AS" = root ] || skip "metacopy comes from a kernel overlay mounted by root"
grep -qw overlay /proc/filesystems || skip "no kernel overlayfs"
put "$L/f" text
put "$L/d/g" 'other text'
FS=kernel overlay_mount -o metacopy=on
chmod 751 "$M/f"
chmod 700 "$M/d/g"
mv "$M/d/g" "$M/h"
FS=kernel overlay_umount
getfattr -h --absolute-names -n "$X.metacopy" "$U/f" >/dev/null || skip "the kernel copied the data"
kernel_options metacopy=on
fuse_options metacopy=on
overlay_mount
has "$M/f" text
mode_is "$M/f" 751
size_is "$M/f" 5
has "$M/h" 'other text'
echo more >>"$M/f"
has "$M/f" $'text\nmore'
overlay_remount
has "$M/f" $'text\nmore'
has "$M/h" 'other text'
