# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# xattr_permissions=2: an ordinary user's daemon keeps owners that it could not give to files.
[ "$FS" = fuse ] || skip "the kernel has no such option"
me=$(id -u):$(id -g)
put "$L/file" text
chmod 700 "$L/file"
setfattr -n user.containers.override_stat -v "$(id -u):$(id -g):4755" "$L/file" 2>/dev/null ||
	skip "no user.* xattrs here"
put "$L/of-other"
setfattr -n user.containers.override_stat -v 12:34:0644 "$L/of-other"
mkdir "$L/closed"
setfattr -n user.containers.override_stat -v 0:0:0755 "$L/closed"
without_check cross remount
overlay_mount -o xattr_permissions=2
mode_is "$M/file" 4755
owner_is "$M/of-other" 12:34
chmod 0 "$M/file"
mode_is "$M/file" 0
mode_is "$U/file" 600
chmod 600 "$M/file"
sys chown "$M/file" -1 "$(id -g)"    # which its owner may, without CAP_SETFCAP
echo more >>"$M/file"
mkdir "$M/new"
chmod 500 "$M/new"
mode_is "$U/new" 700
rmdir "$M/new"
mkfifo "$M/fifo"
type_is "$M/fifo" p
type_is "$U/fifo" f
mv "$M/of-other" "$M/moved"
owner_is "$M/moved" 12:34
owner_is "$U/moved" "$me"
