# SPDX-License-Identifier: GPL-2.0-or-later
# squash_to_*: all files belong to one, whatever is stored; chown succeeds and changes nothing.
[ "$FS" = fuse ] || skip "the kernel has no such option"
put "$L/root"
put "$L/other"
chown 7:8 "$L/other"
chmod 4755 "$L/other"
mkdir "$L/dir"
chmod 777 "$L/dir"
without_check cross remount
overlay_mount -o squash_to_root
owner_is "$M/other" 0:0
owner_is "$M" 0:0
as_id 1000:1001 mkdir "$M/dir/new"
owner_is "$M/dir/new" 0:0
overlay_umount
overlay_mount -o squash_to_root,squash_to_gid=5,uidmapping=0:3:9
owner_is "$M/other" 0:5
overlay_umount
overlay_mount -o squash_to_uid=1000,squash_to_gid=1001
for name in root other dir dir/new; do owner_is "$M/$name" 1000:1001; done
as_id 1000:1001 touch "$M/dir/mine"
owner_is "$M/dir/mine" 1000:1001
owner_is "$U/dir/mine" 0:0
chown 3:4 "$M/other"
owner_is "$M/other" 1000:1001
owner_is "$U/other" 7:8
mode_is "$M/other" 755    # as chown does
as_id 1000:1001 chmod 700 "$M/other"
mode_is "$U/other" 700
