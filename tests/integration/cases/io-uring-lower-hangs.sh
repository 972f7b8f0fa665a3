# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# Over io_uring as over /dev/fuse, a lower layer that does not answer hangs those who want its files and nobody else,
# not even on their processor; and the daemon ends on SIGTERM.
# only: fuse
shared io-uring
shared hanging-lower
uses_rings
# Should others have the kernel drop its caches meanwhile, it must not look into slow/ for what is tried here.
exec {kept}<"$M/slow" {also_kept}<"$M/fast"
fast_works() {
	soon sh -c "echo new >'$M/fast/new' && cat '$M/fast/new'"
	soon sh -c "echo more >>'$M/fast/g'"
	soon mv "$M/fast/new" "$M/fast/newer"
	soon rm "$M/fast/newer"
	soon mkdir "$M/fast/d"
	soon rmdir "$M/fast/d"
}
stop_below
# All on one processor, whose queue they share with those who work.
taskset -p -c 0 $BASHPID >/dev/null
hang 5
fast_works
# shellcheck disable=SC2086 # words
kill -TERM $DAEMONS
exec {kept}<&- {also_kept}<&-
for ((i = 0; i < 1000; i++)); do
	mountpoint -q "$M" || break
	sleep 0.01
done
[ $i -lt 1000 ] || fail "it is still mounted"
wait_gone "${DAEMONS% }"
MOUNTED=
