# SPDX-License-Identifier: GPL-2.0-or-later
# A marked whiteout that comes from one directory of the upper to another, and from there to a third, stays one.
# only: fuse
put "$L/b/d/f" f
put "$L/c/e/f" f
mkdir -p "$L/a/x" "$U/a"
setfattr -n "$X.opaque" -v x "$U/a"
: >"$U/a/x"
setfattr -n "$X.whiteout" -v y "$U/a/x"
[ "$AS" = root ] || without_check cross # the kernel follows no redirects there
OPTIONS+=,redirect_dir=on
overlay_mount
lists "$M/a"
mv "$M/b/d" "$M/a/x"
mv "$M/c/e" "$M/b/d"
for _ in 1 2; do
	lists "$M/a" x
	lists "$M/a/x" f
	lists "$M/b" d
	lists "$M/b/d" f
	lists "$M/c"
	overlay_remount
done
