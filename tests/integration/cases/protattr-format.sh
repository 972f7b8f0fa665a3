# SPDX-License-Identifier: GPL-2.0-or-later
# chattr +i and +a are kept as overlay.protattr in the upper layer, whose files have no such flags.
[ "$AS" = root ] || skip "needs CAP_LINUX_IMMUTABLE"
put "$L/low" text
mkdir "$L/dir"
echo x >"$T/probe"
chattr +i "$T/probe" 2>/dev/null || skip "this file system has no flags"
chattr -i "$T/probe"
finally 'chattr -R -f -ia "$M"'
overlay_mount
echo up >"$M/up"
flags() { lsattr -d "$1" | cut -d ' ' -f 1 | tr -cd ai; }
chattr +i "$M/low" "$M/dir"
chattr +a "$M/up"
check() {
	same i "$(flags "$M/low")" "flags of low"
	same i "$(flags "$M/dir")" "flags of dir"
	same a "$(flags "$M/up")" "flags of up"
	for name in low dir up; do
		same '' "$(flags "$U/$name")" "flags of $name in the upper"
	done
	xattr_is "$U/low" "$X.protattr" i
	xattr_is "$U/dir" "$X.protattr" i
	xattr_is "$U/up" "$X.protattr" a
	no_xattr "$M/low" "$X.protattr"
}
check
overlay_remount
check
chattr +i "$M/up"
same ai "$(flags "$M/up" | tr -d '\n' | grep -o . | sort | tr -d '\n')" "flags of up"
xattr_is "$U/up" "$X.protattr" ai
chattr -i "$M/low" "$M/dir"
no_xattr "$U/low" "$X.protattr"
no_xattr "$U/dir" "$X.protattr"
chattr -ia "$M/up"
no_xattr "$U/up" "$X.protattr"
rm "$M/low" "$M/up"
rmdir "$M/dir"
