# SPDX-License-Identifier: GPL-2.0-or-later
# The overlay's own xattrs are neither listed nor read through the mount.
put "$L/d/f" text
setfattr -n user.mine -v 1 "$L/d/f"
mkdir "$U/o"
put "$L/o/hidden"
setfattr -n "$X.opaque" -v y "$U/o"
overlay_mount
echo more >>"$M/d/f"
mkdir "$M/new"
lists "$M/o"
for path in . d d/f new o; do
	same '' "$(xattr_names "$M/$path" | grep overlay || true)" "private xattrs of $path"
	fails_with ENODATA sys getxattr "$M/$path" "$X.origin"
	fails_with ENODATA sys getxattr "$M/$path" "$X.opaque"
done
same user.mine "$(xattr_names "$M/d/f")" "names"
