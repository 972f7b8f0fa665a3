# SPDX-License-Identifier: GPL-2.0-or-later
# trusted.* is seen and set only with CAP_SYS_ADMIN.
[ "$AS" = root ] || skip "nobody here may"
put "$L/f" text
setfattr -n trusted.a -v b "$L/f"
overlay_mount
xattr_is "$M/f" trusted.a b
same '' "$(as_id 1000 getfattr -d -m - "$M/f" 2>/dev/null)" "what another user sees"
setfattr -n trusted.c -v d "$M/f"
xattr_is "$U/f" trusted.c d
