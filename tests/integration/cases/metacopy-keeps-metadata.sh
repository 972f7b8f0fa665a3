# SPDX-License-Identifier: GPL-2.0-or-later
# When the data follow, mode, owner, set-id bits, xattrs and names stay as they are.
metacopy_on
put "$L/f" content
overlay_mount
chown 1000:1001 "$M/f"
mode=0640
# Whoever writes without CAP_FSETID in the initial namespace takes set-id bits away.
[ "$AS" != root ] || mode=6755
chmod "$mode" "$M/f"
setfattr -n user.a -v b "$M/f"
ln "$M/f" "$M/g"
ino=$(ino "$M/f")
echo more >>"$M/f"
check() {
	has "$M/f" $'content\nmore'
	mode_is "$M/g" "$mode"
	owner_is "$M/g" 1000:1001
	xattr_is "$M/g" user.a b
	nlink_is "$M/g" 2
	same "$ino" "$(ino "$M/f")" "inode number"
}
check
overlay_remount
check
