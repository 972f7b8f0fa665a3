# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel and our daemon take turns on one upper layer, ten times, and see the same.
# only: fuse
# timeout: 180
[ "$AS" = root ] || skip "the kernel refuses metacopy=on to a user namespace"
grep -qw overlay /proc/filesystems || skip "no kernel overlayfs"
metacopy_on
for i in $(seq 20); do put "$L/d$((i % 3))/f$i" "content $i"; done
mkdir -p "$L/e"
who=(fuse kernel)
for round in $(seq 10); do
	FS=${who[round % 2]} overlay_mount
	chmod 6$((round % 8))0 "$M"/*/f1* 2>/dev/null
	f=$(find "$M" -name "f$round")
	mv "$f" "$M/e/moved$round"
	ln "$M/e/moved$round" "$M/link$round"
	f=$(find "$M" -name "f$((round + 10))")
	chown "$round:$round" "$f"
	echo "round $round" >>"$f"
	[ $((round % 4)) != 0 ] || echo "round $round" >>"$M/link$((round - 1))"
	mv "$M/e" "$M/e$round" && mv "$M/e$round" "$M/e"
	treedump --no-nlink --hash "$M" >"$T.one"
	FS=${who[round % 2]} overlay_umount
	FS=${who[(round + 1) % 2]} overlay_mount
	treedump --no-nlink --hash "$M" >"$T.two"
	FS=${who[(round + 1) % 2]} overlay_umount
	diff -u "$T.one" "$T.two" || fail "round $round: the other one sees another tree"
done
overlay_mount
for round in $(seq 10); do
	same "content $round" "$(head -n 1 "$M/link$round")" "link$round"
	same "content $((round + 10))" "$(find "$M" -name "f$((round + 10))" -exec head -n 1 {} +)" "f$((round + 10))"
done
