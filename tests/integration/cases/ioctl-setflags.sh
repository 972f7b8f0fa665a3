# SPDX-License-Identifier: GPL-2.0-or-later
# FS_IOC_SETFLAGS sets what the upper file system can, and copies up.
put "$L/f" text
mkdir "$L/d"
echo x >"$T/probe"
chattr +A "$T/probe" 2>/dev/null || skip "this file system has no flags"
overlay_mount
echo x >"$M/new"
chattr +A "$M/f" "$M/new" "$M/d"
for p in f new d; do
	[[ $(lsattr -d "$M/$p") == *A*\ * ]] || fail "$p: $(lsattr -d "$M/$p")"
	[[ $(lsattr -d "$U/$p") == *A*\ * ]] || fail "upper $p: $(lsattr -d "$U/$p")"
done
has "$M/f" text
chattr -A "$M/f"
[[ $(lsattr -d "$M/f" | cut -d ' ' -f 1) != *A* ]] || fail "still there"
