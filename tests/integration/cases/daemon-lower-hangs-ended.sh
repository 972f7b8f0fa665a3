# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# While a lower layer does not answer and somebody waits for it, SIGTERM ends the mount at once, and the daemon.
# only: fuse
shared hanging-lower
stop_below
hang 3
# shellcheck disable=SC2086 # words
kill -TERM $DAEMONS
for ((i = 0; i < 1000; i++)); do
	mountpoint -q "$M" || break
	sleep 0.01
done
[ $i -lt 1000 ] || fail "it is still mounted"
wait_gone "${DAEMONS% }"
MOUNTED=
