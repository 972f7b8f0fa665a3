# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# While a lower layer does not answer and somebody waits for it, the mount can be detached, and the daemon killed.
# only: fuse
shared hanging-lower
stop_below
hang 3
if [ "$AS" = plain ]; then
	soon fusermount3 -uz "$M"
else
	soon umount -l "$M"
fi
! mountpoint -q "$M" || fail "it is still mounted"
# shellcheck disable=SC2086 # words
kill -KILL $DAEMONS
wait_gone "${DAEMONS% }"
MOUNTED=
