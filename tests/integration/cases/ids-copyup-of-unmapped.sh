# SPDX-License-Identifier: GPL-2.0-or-later
# Owners and ACLs that are not shown are copied up all the same: nothing is lost in the layer.
map_ids 0:0:10
put "$L/d/file"
setfacl -m u:500:rw,g:500:rw "$L/d/file" 2>/dev/null || skip "no ACLs here"
chown 500:500 "$L/d"
chmod 777 "$L/d"
without_check cross    # the kernel lists entries of 4294967295
overlay_mount
echo more >>"$M/d/file"
getfacl -n --absolute-names "$U/d/file" >"$T/acl"
grep -q '^user:500:rw-' "$T/acl"
grep -q '^group:500:rw-' "$T/acl"
owner_is "$U/d" 500:500
owner_is "$M/d" 65534:65534
