# SPDX-License-Identifier: GPL-2.0-or-later
# xattr_permissions=2: create, chmod, chown and mknod are kept in the xattr, the files stay ours.
[ "$FS" = fuse ] || skip "the kernel has no such option"
name=user.containers.override_stat
put "$L/file" text
chmod 4755 "$L/file"
chown 3:4 "$L/file"
mkdir "$L/dir"
chmod 777 "$L/dir"
setfattr -n $name -v 0:0:0777:dir "$L/dir" 2>/dev/null || skip "no user.* xattrs here"
without_check cross
overlay_mount -o xattr_permissions=2
ours() { owner_is "$U/$1" 0:0; mode_is "$U/$1" "$2"; }
as_id 1000:1001 touch "$M/dir/file"
as_id 1000:1001 mkdir -m 1711 "$M/dir/sub"
as_id 1000:1001 mkfifo -m 620 "$M/dir/fifo"
xattr_is "$U/dir/file" $name 1000:1001:0644:file
xattr_is "$U/dir/sub" $name 1000:1001:1711:dir
xattr_is "$U/dir/fifo" $name 1000:1001:0620:pipe
ours dir/file 600
ours dir/sub 700
ours dir/fifo 600
type_is "$U/dir/fifo" f
type_is "$M/dir/fifo" p
xattr_is "$U/dir" $name 0:0:0777:dir
# Changes; set-id bits go as they do elsewhere.
chown 5:6 "$M/file"
xattr_is "$U/file" $name 5:6:0755:file
ours file 600
chmod 6711 "$M/file"
xattr_is "$U/file" $name 5:6:6711:file
mode_is "$M/file" 6711
chown 5 "$M/file"
mode_is "$M/file" 711
chmod 4777 "$M/file"
as_id 1000:1001 sh -c 'echo more >>"$1"' - "$M/file"
mode_is "$M/file" 777
has "$M/file" "text
more"
# Over a whiteout, with a new name, and in a directory of a group.
rm "$M/file"
as_id 1000:1001 touch "$M/dir/x"
rm "$M/dir/x"
umask 027
touch "$M/file"
xattr_is "$U/file" $name 0:0:0640:file
ln "$M/dir/fifo" "$M/fifo"
chmod 600 "$M/fifo"
mode_is "$M/dir/fifo" 600
chgrp 1007 "$M/dir"
chmod 2777 "$M/dir"
as_id 1000:1001 mkdir "$M/dir/inner"
xattr_is "$U/dir/inner" $name 1000:1007:2750:dir
as_id 1000:1001 touch "$M/dir/group"
owner_is "$M/dir/group" 1000:1007
# A FIFO is one.
(echo through >"$M/dir/fifo") &
has "$M/dir/fifo" through
wait
