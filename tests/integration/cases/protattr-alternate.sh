# SPDX-License-Identifier: GPL-2.0-or-later
# Protection that one of the two overlays gives the other obeys, and takes away, for ten rounds.
[ "$AS" = root ] || skip "needs CAP_LINUX_IMMUTABLE"
[ "$FS" = fuse ] || skip "the kernel's turn comes in every second round"
echo x >"$T/probe"
chattr +i "$T/probe" 2>/dev/null || skip "this file system has no flags"
chattr -i "$T/probe"
for ((round = 0; round < 10; round++)); do put "$L/f$round" text; done
finally 'chattr -R -f -ia "$M"'
for ((round = 0; round < 10; round++)); do
	# shellcheck disable=SC2034
	if ((round % 2)); then FS=kernel; else FS=fuse; fi
	overlay_mount
	if ((round)); then
		old=$M/f$((round - 1))
		fails_with EPERM sys unlink "$old"
		fails_with EPERM sys chmod "$old" 777
		fails_with EPERM sys truncate "$old" 0
		fails_with EPERM sys unlink "$M/d$((round - 1))/in"
		chattr -ia "$old" "$M/d$((round - 1))"
		no_xattr "$U/f$((round - 1))" "$X.protattr"
		rm -r "$old" "$M/d$((round - 1))"
	fi
	put "$M/d$round/in"
	chattr +"$( ((round % 3)) && echo i || echo a)" "$M/f$round" "$M/d$round"
	overlay_umount
done
FS=fuse
overlay_mount
chattr -ia "$M/f9" "$M/d9"
