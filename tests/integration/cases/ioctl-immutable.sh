# SPDX-License-Identifier: GPL-2.0-or-later
# An immutable file cannot be written, removed, renamed or linked, until chattr -i.
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
		fails_with EPERM sys open "$M/$p" wronly
		fails_with EPERM sys unlink "$M/$p"
		fails_with EPERM sys rename "$M/$p" "$M/x"
		fails_with EPERM sys link "$M/$p" "$M/x"
		fails_with EPERM sys chmod "$M/$p" 777
		[[ $(lsattr "$M/$p" | cut -d ' ' -f 1) == *i* ]] || fail "$p: $(lsattr "$M/$p")"
	done
	has "$M/low" text
}
check
overlay_remount
check
chattr -i "$M/low" "$M/up"
echo more >>"$M/low"
rm "$M/low" "$M/up"
lists "$M"
