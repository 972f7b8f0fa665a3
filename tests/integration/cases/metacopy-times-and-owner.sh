# SPDX-License-Identifier: GPL-2.0-or-later
# chown, utimes and xattrs on files with metacopy; the data stay below.
metacopy_on
put "$L/f" content
overlay_mount
chown 1000:1001 "$M/f"
setfattr -n user.a -v b "$M/f"
sys utimes "$M/f" 100 200.5
check() {
	owner_is "$M/f" 1000:1001
	mtime_is "$M/f" 200.500000000
	xattr_is "$M/f" user.a b
	has "$M/f" content
	same '' "$(xattr_names "$M/f" | grep overlay || true)" "private xattrs"
}
check
overlay_remount
check
