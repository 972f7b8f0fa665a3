# SPDX-License-Identifier: GPL-2.0-or-later
# Files and directories of modes 0444 and 0000 that belong to the daemon's own user can be changed by root (of
# the namespace), copied up or not, and keep their modes.
for mode in 444 000; do
	put "$L/f$mode" "$(head -c 5000 /dev/zero | tr '\0' a)"
	put "$L/d$mode/f" text
	put "$L/d$mode/g" text
	put "$U/u$mode" text
	setfattr -n user.color -v red "$L/f$mode"
	chmod $mode "$L/f$mode" "$U/u$mode" "$L/d$mode/f" "$L/d$mode/g"
	chmod $((mode * 555 / 444)) "$L/d$mode"
done
overlay_mount
for _ in 1 2; do
	for mode in 444 000; do
		echo more >>"$M/f$mode"
		echo more >>"$M/u$mode"
		echo more >>"$M/d$mode/f"
		sys truncate "$M/d$mode/g" 3
		setfattr -n user.size -v large "$M/f$mode" "$M/u$mode"
		: >"$M/d$mode/new"
		rm "$M/d$mode/new"
		mv "$M/f$mode" "$M/d$mode/moved"
		mv "$M/d$mode/moved" "$M/f$mode"
		ln "$M/u$mode" "$M/link"
		rm "$M/link"
		same red "$(getfattr --absolute-names --only-values -n user.color "$M/f$mode")" color
		mode_is "$M/f$mode" $mode
		mode_is "$M/u$mode" $mode
		mode_is "$M/d$mode/f" $mode
		mode_is "$M/d$mode" $((mode * 555 / 444))
		size_is "$M/d$mode/g" 3
	done
	overlay_remount
done
same 2 "$(grep -c more "$M/f000")" "lines that were added"
has "$M/u444" $'text\nmore\nmore'
has "$M/d000/f" $'text\nmore\nmore'
