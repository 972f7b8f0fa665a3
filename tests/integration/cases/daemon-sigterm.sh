# SPDX-License-Identifier: GPL-2.0-or-later
# SIGTERM, SIGINT and SIGHUP unmount, and end the daemon.
# only: fuse
# also: plain
put "$L/f" text
for signal in TERM INT HUP; do
	overlay_mount
	echo $signal >"$M/last"
	end_by $signal
	has "$U/last" $signal
done
overlay_mount
has "$M/last" HUP
