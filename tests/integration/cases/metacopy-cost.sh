# SPDX-License-Identifier: GPL-2.0-or-later
# chown -R over a tree of 1 GiB writes under 1% of it; the first change of a file's data, that file's.
# timeout: 180
metacopy_on
mkdir "$L/tree"
for i in $(seq 16); do
	fallocate -l 64M "$L/tree/f$i" || skip "no room for a tree of 1 GiB"
done
dd if=/dev/urandom of="$L/tree/f1" bs=1M count=8 conv=notrunc status=none
overlay_mount
total=$(du -sk "$M/tree" | cut -f 1)
[ "$total" -ge 1048576 ] || fail "the tree has $total KiB only"
chown -R 1:1 "$M/tree"
sync -f "$U"
written=$(du -sk "$U" | cut -f 1)
echo "chown -R of $total KiB wrote $written KiB" >&2
[ "$written" -lt $((total / 100)) ] || fail "chown -R has written $written of $total KiB"
owner_is "$M/tree/f16" 1:1
same "$(stat -c %b "$L/tree/f16")" "$(stat -c %b "$M/tree/f16")" "blocks of a file"
printf x | dd of="$M/tree/f1" bs=1 seek=1000 conv=notrunc status=none
[ "$(du -sk "$U" | cut -f 1)" -ge 8192 ] || fail "the written file has no data of its own"
cmp <(tail -c +1002 "$L/tree/f1") <(tail -c +1002 "$M/tree/f1")
no_xattr "$U/tree/f1" "$X.metacopy"
xattr_is "$U/tree/f2" "$X.metacopy" ''
