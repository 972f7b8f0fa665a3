# SPDX-License-Identifier: GPL-2.0-or-later
# Removing an xattr of a lower file copies it up without.
put "$L/f" text
setfattr -n user.a -v 1 "$L/f"
setfattr -n user.b -v 2 "$L/f"
overlay_mount
setfattr -x user.a "$M/f"
no_xattr "$M/f" user.a
xattr_is "$M/f" user.b 2
in_upper f
xattr_is "$L/f" user.a 1
