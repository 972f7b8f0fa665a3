# SPDX-License-Identifier: GPL-2.0-or-later
# Copy-up keeps access and default ACLs.
put "$L/f" text
mkdir "$L/d"
setfacl -m u:1000:rw,g:1001:r,m::rw "$L/f" || skip "no ACLs on this file system"
setfacl -m u:1000:rwx,d:u:1001:rx,d:o::- "$L/d"
acl() { (cd "$1" && getfacl -n f d 2>/dev/null); }
before=$(acl "$L")
overlay_mount
same "$before" "$(acl "$M")" "ACLs before"
sys utimes "$M/f" 1 2
sys utimes "$M/d" 1 2
same "$before" "$(acl "$M")" "ACLs after"
same "$before" "$(acl "$U")" "ACLs in the upper layer"
