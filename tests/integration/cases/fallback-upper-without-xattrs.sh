# SPDX-License-Identifier: GPL-2.0-or-later
# On an upper file system without xattrs directories made anew are opaque by `.wh..wh..opq`.
# only: fuse
[ "$AS" = plain ] && skip "cannot mount a ramfs"
mkdir "$T/bare"
mount -t ramfs none "$T/bare"
finally umount "$T/bare"
U=$T/bare/upper
W=$T/bare/work
mkdir "$U" "$W"
put "$L/d/low"
put "$L/d/sub/x"
put "$L/f" low
without_check ino cross
overlay_mount
rm -r "$M/d"
mkdir "$M/d"
lists "$M/d"
echo more >>"$M/f"
rmdir "$M/d"
mkdir "$M/d"
echo x >"$M/d/new"
lists "$M/d" new
overlay_remount
lists "$M/d" new
has "$M/f" $'low\nmore'
rm -r "$M/d"
lists "$M" f
overlay_remount
lists "$M" f

overlay_umount
overlay_mount -o uuid=on 2>"$T/said"
grep -q "^fuse-overlay: uuid=on: the upper's root cannot keep one (Operation not supported): falling back" "$T/said" ||
	fail "said: $(cat "$T/said")"
