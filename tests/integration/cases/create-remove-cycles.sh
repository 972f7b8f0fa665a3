# SPDX-License-Identifier: GPL-2.0-or-later
# Made and removed again and again, as every type, a name is always what it was made last.
put "$L/x/inside"
overlay_mount
rm -r "$M/x"
for _ in 1 2 3; do
	echo file >"$M/x"
	has "$M/x" file
	rm "$M/x"
	mkdir "$M/x"
	lists "$M/x"
	echo y >"$M/x/y"
	rm -r "$M/x"
	ln -s t "$M/x"
	target_is "$M/x" t
	rm "$M/x"
	mkfifo "$M/x"
	type_is "$M/x" p
	rm "$M/x"
	absent "$M/x"
done
is_whiteout "$U/x"
overlay_remount
absent "$M/x"
