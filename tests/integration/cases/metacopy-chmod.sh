# SPDX-License-Identifier: GPL-2.0-or-later
# With metacopy a chmod copies no data; the content is read from below; a write brings it up.
metacopy_on
dd if=/dev/urandom of="$L/f" bs=1M count=8 status=none
sum=$(sha256sum <"$L/f")
overlay_mount
chmod 600 "$M/f"
mode_is "$M/f" 600
same "$sum" "$(sha256sum <"$M/f")" sha256
[ "$(du -sk "$U" | cut -f 1)" -lt 1000 ] || fail "the upper layer has grown"
size_is "$U/f" $((8 << 20))
overlay_remount
mode_is "$M/f" 600
same "$sum" "$(sha256sum <"$M/f")" "sha256 after remount"
printf X | dd of="$M/f" bs=1 seek=100 conv=notrunc status=none
same "$(printf X)" "$(dd if="$M/f" bs=1 skip=100 count=1 status=none)"
no_xattr "$U/f" "$X.metacopy"
cmp <(tail -c +102 "$L/f") <(tail -c +102 "$U/f")
overlay_remount
cmp <(tail -c +102 "$L/f") <(tail -c +102 "$M/f")
