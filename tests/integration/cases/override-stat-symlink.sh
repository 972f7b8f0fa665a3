# SPDX-License-Identifier: GPL-2.0-or-later
# xattr_permissions: a symbolic link holds its owner itself, where it cannot hold the xattr.
[ "$FS" = fuse ] || skip "the kernel has no such option"
mkdir "$L/dir"
chmod 777 "$L/dir"
ln -s there "$L/dir/lower"
chown -h 3:4 "$L/dir/lower"
without_check cross
overlay_mount -o xattr_permissions=2
as_id 1000:1001 ln -s here "$M/dir/link"
owner_is "$M/dir/link" 1000:1001
owner_is "$U/dir/link" 1000:1001
chown -h 5:6 "$M/dir/link" "$M/dir/lower"
owner_is "$U/dir/link" 5:6
owner_is "$U/dir/lower" 5:6
target_is "$M/dir/lower" there
