# SPDX-License-Identifier: GPL-2.0-or-later
# Who makes a file owns it, in the layers by the number that is shown as his; so with chown.
map_ids 0:1000:20 20:0:20
mkdir "$L/dir"
chmod 777 "$L/dir"
put "$L/file"
overlay_mount
as_id 1001:1000 touch "$M/dir/file"
as_id 1001:1000 mkdir "$M/dir/sub"
as_id 1001:1000 ln -s file "$M/dir/link"
as_id 1001:1000 mkfifo "$M/dir/fifo"
for name in file sub link fifo; do
	owner_is "$M/dir/$name" 1001:1000
	owner_is "$U/dir/$name" 1:0
done
touch "$M/dir/of-root"
owner_is "$U/dir/of-root" 20:20
chown 1005:7 "$M/file"
owner_is "$M/file" 1005:7
owner_is "$U/file" 5:27
chown 3 "$M/dir"
owner_is "$U/dir" 23:0
# Over a whiteout, and where the group is the directory's.
rm "$M/file"
as_id 1001:1000 touch "$M/dir/again"
rm "$M/dir/again"
as_id 1001:1000 touch "$M/dir/again"
owner_is "$U/dir/again" 1:0
chown 0:1007 "$M/dir"
chmod 2777 "$M/dir"
as_id 1001:1000 touch "$M/dir/group"
as_id 1001:1000 mkdir "$M/dir/group-dir"
owner_is "$M/dir/group" 1001:1007
owner_is "$U/dir/group" 1:7
owner_is "$U/dir/group-dir" 1:7
mode_is "$M/dir/group-dir" 2755
