# SPDX-License-Identifier: GPL-2.0-or-later
# Setting an xattr copies up; removing one that is not there does not.
put "$L/f" text
setfattr -n user.old -v 1 "$L/f"
put "$L/g" text
overlay_mount
fails_with ENODATA sys removexattr "$M/g" user.none
not_in_upper g
setfattr -n user.new -v 2 "$M/f"
xattr_is "$M/f" user.new 2
xattr_is "$M/f" user.old 1
xattr_is "$U/f" user.old 1
no_xattr "$L/f" user.new
setfattr -x user.old "$M/f"
no_xattr "$M/f" user.old
overlay_remount
xattr_is "$M/f" user.new 2
no_xattr "$M/f" user.old
