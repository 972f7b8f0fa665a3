# SPDX-License-Identifier: GPL-2.0-or-later
# SIGTERM while a file is open: whatever was written is in the upper layer, and nothing is left mounted.
# only: fuse
put "$L/f" text
overlay_mount
exec 5>>"$M/f"
echo more >&5
id=${DAEMONS% }
kill -TERM "$id"
for ((i = 0; i < 300; i++)); do
	mountpoint -q "$M" || break
	sleep 0.01
done
! mountpoint -q "$M" || fail "still mounted"
exec 5>&-
MOUNTED=
wait_gone "$id"
has "$U/f" $'text\nmore'
