# SPDX-License-Identifier: GPL-2.0-or-later
# xattr_permissions=1: the xattr is one that only root can set; those of ordinary users say nothing.
[ "$FS" = fuse ] || skip "the kernel has no such option"
[ "$AS" = root ] || skip "only root can set it"
name=security.fuseoverlayfs.override_stat
put "$L/one"
put "$L/two"
setfattr -n $name -v 12:34:4755 "$L/one"
setfattr -n user.containers.override_stat -v 0:0:4755 "$L/two"
setfattr -n user.fuseoverlayfs.override_stat -v 0:0:4755 "$L/two"
without_check cross
overlay_mount -o xattr_permissions=1
mode_is "$M/one" 4755
owner_is "$M/one" 12:34
mode_is "$M/two" 644
ln -s x "$M/link"
chown -h 5:6 "$M/link"
xattr_is "$U/link" $name 5:6:0777:symlink
owner_is "$U/link" 0:0
owner_is "$M/link" 5:6
chown 1:2 "$M/two"
xattr_is "$U/two" $name 1:2:0644:file
no_xattr "$M/two" $name
fails_with EPERM sys setxattr "$M/two" $name 0:0:04755
