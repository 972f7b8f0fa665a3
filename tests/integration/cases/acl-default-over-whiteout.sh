# SPDX-License-Identifier: GPL-2.0-or-later
# The same for what is made where lower entries were removed, and for symlinks, which have no ACL.
put "$L/d/f"
put "$L/d/sub/x"
setfacl -d -m u:1000:rwx,o::- "$L/d" || skip "no ACLs on this file system"
overlay_mount
rm -r "$M/d/f" "$M/d/sub"
umask 077
sys open "$M/d/f" wronly,creat 666
sys mkdir "$M/d/sub" 777
ln -s x "$M/d/l"
mode_is "$M/d/f" 660
mode_is "$M/d/sub" 770
getfacl -n "$M/d/f" 2>/dev/null | grep -q '^user:1000:rwx' || fail "the file has no ACL"
getfacl -n "$M/d/sub" 2>/dev/null | grep -q '^default:user:1000:rwx' || fail "the directory has no default ACL"
