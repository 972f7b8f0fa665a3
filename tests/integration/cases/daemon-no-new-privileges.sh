# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon cannot gain privileges by executing anything, unless fusermount3 will have to unmount for it.
# only: fuse
# also: plain
put "$L/f" text
overlay_mount
has "$M/f" text
want=1
[ "$AS" = plain ] && want=0
for task in /proc/"${DAEMONS% }"/task/*; do
	same "$want" "$(sed -n 's/^NoNewPrivs:[[:space:]]*//p' "$task/status")" "no_new_privs of $task"
done
