# SPDX-License-Identifier: GPL-2.0-or-later
# volatile and fsync=volatile leave a mark that forbids the next mount, whoever makes it, until it is removed.
put "$L/f" low
without_check work remount cross
refused() {
	if overlay_mount 2>/dev/null; then fail "mounted by $FS over the mark"; fi
}
for word in volatile fsync=volatile; do
	overlay_mount -o "$word" || skip "this kernel has no $word"
	overlay_umount
	type_is "$W/work/incompat/volatile" d
	refused
	[ -z "$CROSS" ] || FS=kernel refused
	rm -r "$W/work/incompat"
	overlay_mount
	absent "$W/work/incompat"
	overlay_umount
done
overlay_mount
