# SPDX-License-Identifier: GPL-2.0-or-later
# xattrs of a merged directory are those of its topmost layer.
layers 2
mkdir "$L1/d" "$L2/d"
setfattr -n user.who -v one "$L1/d"
setfattr -n user.two -v two "$L2/d"
overlay_mount
xattr_is "$M/d" user.who one
no_xattr "$M/d" user.two
setfattr -n user.new -v n "$M/d"
same $'user.new\nuser.who' "$(xattr_names "$M/d" | grep ^user)" names
overlay_remount
xattr_is "$M/d" user.new n
