# SPDX-License-Identifier: GPL-2.0-or-later
# Layers that lie in an overlay have marks of their own: opaque directories and marked whiteouts, made through
# the mount, are stored escaped, and count for an overlay of those layers: the kernel's or ours, on ours or on
# the kernel's.
[ "$AS" = plain ] && skip "cannot mount"
put "$L/low/d/old" old
put "$L/low/d/sub/deep/file" deep
put "$L/low/e/gone" gone
put "$L/low/e/kept" kept
put "$L/low/f" f
put "$L/top/g" g
overlay_mount
# `top` was made through the mount as somebody's upper would be.
mkdir -p "$M/top/d/sub" "$M/top/e"
put "$M/top/d/new" new
setfattr -n "$X.opaque" -v y "$M/top/d"
setfattr -n "$X.opaque" -v x "$M/top" "$M/top/e"
: >"$M/top/e/gone"
: >"$M/top/f"
: >"$M/top/empty"
setfattr -n "$X.whiteout" -v y "$M/top/e/gone"
setfattr -n "$X.whiteout" "$M/top/f"
xattr_is "$U/top/d" "$X.overlay.opaque" y
xattr_is "$U/top/e/gone" "$X.overlay.whiteout" y
mkdir "$M/up" "$M/work" "$T/m2"
look() {
	lists "$T/m2" d e g empty
	lists "$T/m2/d" new sub
	lists "$T/m2/d/sub"
	lists "$T/m2/e" kept
	size_is "$T/m2/empty" 0
}
inner() {
	local extra=
	[ "$AS" = root ] || extra=,userxattr
	if [ "$1" = kernel ]; then
		grep -qw overlay /proc/filesystems || return 0
		mount -t overlay overlay -o "lowerdir=$M/top:$M/low$2$extra" "$T/m2"
	else
		"$FUSE_OVERLAY" -o "lowerdir=$M/top:$M/low$2" "$T/m2" 2>>"$T/said"
	fi
	look
	[ -z "$2" ] || "$3"
	umount "$T/m2"
	for id in $(daemons); do
		[[ " $DAEMONS " == *" $id "* ]] || wait_gone "$id"
	done
}
# Our upper on an overlay: what is removed there is gone at the next mount, too.
change() {
	rm -r "$T/m2/e" "$T/m2/g"
	mkdir "$T/m2/e"
	echo x >"$T/m2/f"
	rm "$T/m2/d/new"
	changed
}
changed() {
	lists "$T/m2" d e f empty
	lists "$T/m2/d" sub
	lists "$T/m2/e"
}
for _ in 1 2; do
	inner kernel ''
	inner fuse ''
	overlay_remount
done
inner fuse ",upperdir=$M/up,workdir=$M/work" change
overlay_remount
look() { changed; }
inner fuse ",upperdir=$M/up,workdir=$M/work" changed
rm -r "$M/work" "$M/up"
