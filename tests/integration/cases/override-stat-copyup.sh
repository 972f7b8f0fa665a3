# SPDX-License-Identifier: GPL-2.0-or-later
# xattr_permissions=2: a copy has the owner and mode that the original shows, in its xattr.
[ "$FS" = fuse ] || skip "the kernel has no such option"
name=user.containers.override_stat
put "$L/d/with" text
put "$L/d/without" text
chown 7:8 "$L/d/without"
chmod 4711 "$L/d/without"
setfattr -n $name -v 12:34:4755:file "$L/d/with" 2>/dev/null || skip "no user.* xattrs here"
setfattr -n user.fuseoverlayfs.override_stat -v 9:9:041777 "$L/d"
setfattr -n user.other -v kept "$L/d/with"
without_check cross
overlay_mount -o xattr_permissions=2
touch "$M/d/with" "$M/d/without"
xattr_is "$U/d" $name 9:9:1777:dir
xattr_is "$U/d/with" $name 12:34:4755:file
xattr_is "$U/d/without" $name 7:8:4711:file
xattr_is "$U/d/with" user.other kept
for file in d/with d/without; do
	owner_is "$U/$file" 0:0
	mode_is "$U/$file" 600
done
mode_is "$U/d" 700
mode_is "$M/d/without" 4711
owner_is "$M/d/with" 12:34
