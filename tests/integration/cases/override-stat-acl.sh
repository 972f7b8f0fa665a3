# SPDX-License-Identifier: GPL-2.0-or-later
# xattr_permissions=2 and ACLs: mask and mode are one, and named users keep their rights.
[ "$FS" = fuse ] || skip "the kernel has no such option"
put "$L/file" text
mkdir "$L/dir"
chmod 777 "$L/dir"
{ setfattr -n user.containers.override_stat -v 0:0:0640 "$L/file" &&
	setfacl -d -m u:1000:rwx,o::0 "$L/dir"; } 2>/dev/null || skip "no xattrs or no ACLs here"
without_check cross
overlay_mount -o xattr_permissions=2
acl() { getfacl -nEc --absolute-names "$1" 2>/dev/null | grep . | tr '\n' ' '; }
fails_with EACCES as_id 1000 cat "$M/file"
setfacl -m u:1000:rw "$M/file"
same "user::rw- user:1000:rw- group::r-- mask::rw- other::--- " "$(acl "$M/file")"
mode_is "$M/file" 660
mode_is "$U/file" 600
same text "$(as_id 1000 cat "$M/file")"
chmod 700 "$M/file"
same "user::rwx user:1000:rw- group::r-- mask::--- other::--- " "$(acl "$M/file")"
fails_with EACCES as_id 1000 cat "$M/file"
setfacl -m m::r "$M/file"
mode_is "$M/file" 740
same text "$(as_id 1000 cat "$M/file")"
chmod 4740 "$M/file"
setfacl -m u:1001:x "$M/file"
mode_is "$M/file" 4770
setfacl -b "$M/file"
same "user::rwx group::r-- other::--- " "$(acl "$M/file")"
mode_is "$M/file" 4740
# Inherited.
touch "$M/dir/new"
same "user::rw- user:1000:rwx group::rwx mask::rw- other::--- " "$(acl "$M/dir/new")"
mode_is "$M/dir/new" 660
mode_is "$U/dir/new" 600
