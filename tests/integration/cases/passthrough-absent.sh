# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# Where this user may not pass data through, passthrough=on is refused in one line and nothing is mounted; with auto
# the mount is as without.
# only: fuse
[ "$AS" != root ] || skip "root may"
put "$L/f" low
FUSE_OPTIONS=()
if overlay_mount -o passthrough=on 2>"$T.said"; then fail "it is mounted"; fi
grep -Eq '^fuse-overlay: passthrough=on: (only root outside of user namespaces|the kernel does not offer it)' "$T.said" ||
	fail "said: $(cat "$T.said")"
same 1 "$(wc -l <"$T.said")" "lines said"
! mountpoint -q "$M" || fail "it is mounted"
overlay_mount -o passthrough=auto 2>"$T.said"
same "" "$(cat "$T.said")" "what is said with auto"
echo more >>"$M/f"
has "$M/f" $'low\nmore'
