# SPDX-License-Identifier: GPL-2.0-or-later
# What an immutable file contains, its attributes and its name cannot be changed.
[ "$AS" = root ] || skip "needs CAP_LINUX_IMMUTABLE"
put "$L/low" text
echo x >"$T/probe"
chattr +i "$T/probe" 2>/dev/null || skip "this file system has no flags"
chattr -i "$T/probe"
finally 'chattr -R -f -i "$U" "$M"'
overlay_mount
echo up >"$M/up"
chattr +i "$M/low" "$M/up"
check() {
	local p
	for p in low up; do
		fails_with EPERM sys write "$M/$p" XX
		fails_with EPERM sys truncate "$M/$p" 0
		fails_with EPERM sys unlink "$M/$p"
		fails_with EPERM sys rename "$M/$p" "$M/x"
		fails_with EPERM sys link "$M/$p" "$M/x"
		fails_with EPERM sys chmod "$M/$p" 777
		fails_with EPERM sys setxattr "$M/$p" user.a b
		[[ $(lsattr "$M/$p" | cut -d ' ' -f 1) == *i* ]] || fail "$p: $(lsattr "$M/$p")"
	done
	has "$M/low" text
	has "$M/up" up
}
check
overlay_remount
check
chattr -i "$M/low" "$M/up"
echo more >>"$M/low"
rm "$M/low" "$M/up"
lists "$M"
