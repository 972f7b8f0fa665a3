# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon has given up all capabilities but those that it needs, each of its threads, and can do its work.
# only: fuse
# also: plain
put "$L/f" text
overlay_mount
has "$M/f" text
# chown dac_override dac_read_search fowner fsetid linux_immutable sys_admin sys_nice mknod setfcap mac_override mac_admin
needed=$((1 << 0 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 9 | 1 << 21 | 1 << 23 | 1 << 27 | 1 << 31 | 1 << 32 | 1 << 33))
kept=$needed
[ "$AS" = plain ] && kept=0
set_of() { echo $((16#$(sed -n "s/^$2:[[:space:]]*//p" "$1/status"))); }
for task in /proc/"${DAEMONS% }"/task/*; do
	for set in CapEff CapPrm; do
		same $kept "$(set_of "$task" $set)" "$set of $task"
	done
	for set in CapInh CapAmb; do
		same 0 "$(set_of "$task" $set)" "$set of $task"
	done
	[ "$AS" = plain ] || same $needed "$(set_of "$task" CapBnd)" "CapBnd of $task"
	same 0 "$(sed -n 's/^Seccomp:[[:space:]]*//p' "$task/status")" "Seccomp of $task"
done
echo more >>"$M/f"
chmod 600 "$M/f"
has "$U/f" $'text\nmore'
