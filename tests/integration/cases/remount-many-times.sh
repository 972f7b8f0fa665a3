# SPDX-License-Identifier: GPL-2.0-or-later
# Ten mounts and unmounts with a change each leave ten changes, and nothing of the daemon.
put "$L/f" low
overlay_mount
for i in 1 2 3 4 5 6 7 8 9 10; do
	echo "$i" >"$M/f$i"
	echo "$i" >>"$M/f"
	overlay_remount
done
same 11 "$(wc -l <"$M/f")" lines
same 11 "$(find "$M" -type f | wc -l)" files
