# SPDX-License-Identifier: GPL-2.0-or-later
# user.* xattrs: set, get, list, create, replace, remove, in the upper layer and from a lower one.
# also: plain
put "$L/low" text
setfattr -n user.low -v 1 "$L/low"
overlay_mount
xattr_is "$M/low" user.low 1
echo x >"$M/f"
setfattr -n user.a -v 1 "$M/f"
xattr_is "$M/f" user.a 1
sys setxattr "$M/f" user.b 2 create
fails_with EEXIST sys setxattr "$M/f" user.b 3 create
sys setxattr "$M/f" user.b 3 replace
fails_with ENODATA sys setxattr "$M/f" user.c 3 replace
same $'user.a\nuser.b' "$(xattr_names "$M/f")" names
setfattr -x user.a "$M/f"
fails_with ENODATA sys getxattr "$M/f" user.a
fails_with ENODATA sys removexattr "$M/f" user.a
overlay_remount
same user.b "$(xattr_names "$M/f")" names
xattr_is "$M/f" user.b 3
