# SPDX-License-Identifier: GPL-2.0-or-later
# A default ACL on a file is refused.
put "$L/f" text
overlay_mount
setfacl -m u:1000:r "$M/f" 2>/dev/null || skip "no ACLs on this file system"
py <<'PY'
value = os.getxattr(M + "/f", "system.posix_acl_access")
with expect(errno.EACCES):
    os.setxattr(M + "/f", "system.posix_acl_default", value)
with expect(errno.EINVAL, errno.EOPNOTSUPP):
    os.setxattr(M + "/f", "system.posix_acl_access", b"nonsense")
PY
