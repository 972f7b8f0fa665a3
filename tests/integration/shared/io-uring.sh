# SPDX-License-Identifier: GPL-2.0-or-later
# Of the cases of that name: the mount takes its requests over io_uring, or the case does not apply.
[ "$(cat /sys/module/fuse/parameters/enable_uring 2>/dev/null)" = Y ] ||
	skip "the kernel does not offer FUSE over io_uring (enable_uring)"
grep -aq io_uring_queue_init_params "$FUSE_OVERLAY" || skip "the daemon is built without liburing"
fuse_options io_uring=on

# How many rings the daemon has. A ring is never taken back while it serves.
rings() {
	# shellcheck disable=SC2086 # words
	find /proc/${DAEMONS% }/fd -lname '*io_uring*' | wc -l
}

# The threads that wait for a request in io_uring_enter(2), and do not read /dev/fuse.
uses_rings() {
	[ "$(rings)" -ge "$(nproc)" ] || fail "$(rings) rings for $(nproc) processors"
}
