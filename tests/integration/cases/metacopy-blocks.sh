# SPDX-License-Identifier: GPL-2.0-or-later
# A file without data of its own shows the size and the blocks of its data, before and after.
metacopy_on
head -c 300000 /dev/urandom >"$L/f"
truncate -s 1000000 "$L/sparse"
overlay_mount
before=$(stat -c '%s %b' "$M/f")
sparse=$(stat -c '%s %b' "$M/sparse")
chmod 600 "$M/f" "$M/sparse"
same "$before" "$(stat -c '%s %b' "$M/f")" "size and blocks"
same "$sparse" "$(stat -c '%s %b' "$M/sparse")" "size and blocks"
overlay_remount
same "$before" "$(stat -c '%s %b' "$M/f")" "size and blocks after a remount"
size_is "$U/f" 300000
[ "$(stat -c %b "$U/f")" -le 8 ] || fail "the upper file has $(stat -c %b "$U/f") blocks"
echo >>"$M/f"
sync "$M/f"
differ 0 "$(stat -c %b "$U/f")"
size_is "$M/f" 300001
