# SPDX-License-Identifier: GPL-2.0-or-later
# With metacopy chattr copies no data; taken off again, a write brings them.
[ "$AS" = root ] || skip "needs CAP_LINUX_IMMUTABLE"
metacopy_on
dd if=/dev/urandom of="$L/f" bs=1M count=4 status=none
cp "$L/f" "$L/g"
finally 'chattr -R -f -ia "$M"'
overlay_mount
echo >"$M/probe"
chattr +i "$M/probe"
chattr +i "$M/f"
chattr +a "$M/g"
check() {
	[ "$(du -sk "$U" | cut -f 1)" -lt 1000 ] || fail "the upper layer has grown"
	xattr_is "$U/f" "$X.protattr" i
	xattr_is "$U/g" "$X.protattr" a
	cmp "$L/f" "$M/f"
	fails_with EPERM sys truncate "$M/f" 0
	fails_with EPERM sys truncate "$M/g" 0
	fails_with EPERM sys chmod "$M/f" 600
}
check
overlay_remount
check
echo more >>"$M/g"
no_xattr "$U/g" "$X.metacopy"
xattr_is "$U/g" "$X.protattr" a
cmp <(cat "$L/g" && echo more) "$M/g"
chattr -i "$M/f"
no_xattr "$U/f" "$X.protattr"
echo more >>"$M/f"
cmp "$M/f" "$M/g"
overlay_remount
cmp <(cat "$L/f" && echo more) "$M/f"
fails_with EPERM sys unlink "$M/g"
chattr -a "$M/g"
chattr -i "$M/probe"
