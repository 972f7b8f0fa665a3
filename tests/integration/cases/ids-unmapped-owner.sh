# SPDX-License-Identifier: GPL-2.0-or-later
# What belongs to an id without a counterpart can be read as its mode allows, and not be changed.
map_ids 0:0:10
put "$L/file" text
chown 500:500 "$L/file"
put "$L/group"
chown 0:500 "$L/group"
chmod 666 "$L/file"
put "$L/dir/in"
chown 500:500 "$L/dir"
chmod 777 "$L/dir"
overlay_mount
owner_is "$M/file" 65534:65534
owner_is "$M/group" 0:65534
has "$M/file" text
fails_with EOVERFLOW sys chmod "$M/file" 600
fails_with EOVERFLOW sys chown "$M/file" 1 -1
fails_with EACCES sys write "$M/file" x
fails_with EACCES\|EOVERFLOW sys truncate "$M/file" 0
fails_with EOVERFLOW sys unlink "$M/file"
fails_with EOVERFLOW sys rename "$M/file" "$M/other"
fails_with EOVERFLOW\|EPERM sys link "$M/file" "$M/other"
fails_with EPERM\|EACCES sys setxattr "$M/file" user.a b
fails_with EACCES\|EOVERFLOW sys mkdir "$M/dir/new"
fails_with EOVERFLOW sys chmod "$M/group" 600
not_in_upper file group
