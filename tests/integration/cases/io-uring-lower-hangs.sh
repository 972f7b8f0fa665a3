# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# Over io_uring as over /dev/fuse, a lower layer that does not answer hangs those who want its files and nobody else,
# not even on their processor; and the daemon ends on SIGTERM.
# only: fuse
shared io-uring
shared hanging-lower
uses_rings
stop_below
# All on one processor, whose queue they share with those who work.
taskset -p -c 0 $BASHPID >/dev/null
hang 5
changes_work
end_by TERM
