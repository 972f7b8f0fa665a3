# SPDX-License-Identifier: GPL-2.0-or-later
# user.* needs write permission to set, read permission to get.
put "$L/f" text
setfattr -n user.a -v b "$L/f"
chmod 640 "$L/f"
put "$L/g" text
setfattr -n user.a -v b "$L/g"
overlay_mount
as() { as_id 1000 "$PYTHON" -B -S "$TOOLS/sys.py" "$@"; }
fails_with EACCES as getxattr "$M/f" user.a
fails_with EACCES as setxattr "$M/g" user.a c
same b "$(as getxattr "$M/g" user.a)"
