# SPDX-License-Identifier: GPL-2.0-or-later
# daemon_time: microseconds of a processor that the daemon's threads have had.
[ -r /proc/self/schedstat ] || skip "this kernel does not tell how long a thread ran"
daemon_time() {
	local file sum=0 ns rest
	for file in "/proc/${DAEMONS% }/task"/*/schedstat; do
		read -r ns rest <"$file"
		sum=$((sum + ns))
	done
	echo $((sum / 1000))
}

# time_of CMD...: what one system call costs the daemon.
time_of() {
	local before
	before=$(daemon_time)
	"$@"
	echo $(($(daemon_time) - before))
}
