# SPDX-License-Identifier: GPL-2.0-or-later
# ACLs name users and groups by the ids that are shown, and are obeyed so.
map_ids 0:1000:10 10:0:10
put "$L/file" text
chmod 600 "$L/file"
mkdir "$L/dir"
{ setfacl -m u:1:r,g:3:rx "$L/file" && setfacl -m d:u:4:rwx,d:g:15:r "$L/dir"; } 2>/dev/null ||
	skip "no ACLs here"
overlay_mount
acl() { getfacl -nEc --absolute-names "$@" 2>/dev/null | grep -E '(user|group):[0-9]' | tr '\n' ' '; }
same "user:1001:r-- group:1003:r-x " "$(acl "$M/file")"
same "user:1004:rwx group:5:r-- " "$(acl -d "$M/dir")"
same text "$(as_id 1001:1001 cat "$M/file")"
fails_with EACCES as_id 1004:1004 cat "$M/file"
setfacl -m u:1002:rw,g:0:x "$M/file"
same "user:1001:r-- user:1002:rw- group:0:--x group:1003:r-x " "$(acl "$M/file")"
same "user:1:r-- user:2:rw- group:3:r-x group:10:--x " "$(acl "$U/file")"
fails_with EINVAL setfacl -m u:77:r "$M/file"
fails_with EINVAL setfacl -m d:g:77:r "$M/dir"
touch "$M/dir/new"
same "user:4:rwx group:15:r-- " "$(acl "$U/dir/new")"
same "user:1004:rwx group:5:r-- " "$(acl "$M/dir/new")"
