# SPDX-License-Identifier: GPL-2.0-or-later
# chmod of a file with an ACL sets the mask, setfacl sets the mode's group bits.
overlay_mount
echo x >"$M/f"
setfacl -m u:1000:rwx "$M/f" 2>/dev/null || skip "no ACLs on this file system"
mode_is "$M/f" 674
chmod 600 "$M/f"
getfacl -n "$M/f" 2>/dev/null | grep -q '^mask::---' || fail "$(getfacl -n "$M/f")"
fails_with EACCES as_id 1000 cat "$M/f"
setfacl -b "$M/f"
mode_is "$M/f" 600
no_xattr "$M/f" system.posix_acl_access
overlay_remount
mode_is "$M/f" 600
