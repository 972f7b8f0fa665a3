# SPDX-License-Identifier: GPL-2.0-or-later
# A lower layer on a file system that has no xattrs at all: its files are shown and copied up.
[ "$AS" = plain ] && skip "cannot mount a ramfs"
mount -t ramfs none "$L" 2>/dev/null || skip "no ramfs here"
finally umount "$L"
put "$L/f" low
put "$L/d/x" low
chmod 4755 "$L/f"
without_check ino
overlay_mount
has "$M/f" low
fails_with 'ENODATA|EOPNOTSUPP' sys getxattr "$M/f" user.a
echo more >>"$M/d/x"
chmod 4711 "$M/f"
setfattr -n user.a -v b "$M/f"
xattr_is "$M/f" user.a b
mode_is "$M/f" 4711
rm -r "$M/d"
mkdir "$M/d"
lists "$M/d"
lists "$M" d f
