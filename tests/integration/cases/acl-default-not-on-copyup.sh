# SPDX-License-Identifier: GPL-2.0-or-later
# What is copied up into a directory with a default ACL keeps its own mode, without inheriting.
mkdir "$L/d"
put "$L/d/f" text
chmod 644 "$L/d/f"
put "$L/d/sub/g" text
setfacl -d -m u:1000:rwx,g::rwx,o::rwx "$L/d" || skip "no ACLs on this file system"
overlay_mount
echo more >>"$M/d/f"
echo more >>"$M/d/sub/g"
mode_is "$M/d/f" 644
mode_is "$M/d/sub" 755
no_xattr "$U/d/f" system.posix_acl_access
no_xattr "$U/d/sub" system.posix_acl_default
no_xattr "$U/d/sub" system.posix_acl_access
