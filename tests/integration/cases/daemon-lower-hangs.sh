# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# A lower layer that does not answer hangs those who want its files; all others go on, and when it answers again
# so do they.
# only: fuse
shared hanging-lower
stop_below
hang 3
others_work
# shellcheck disable=SC2086 # words
kill -CONT $BELOW
soon cat "$M/slow/f"
others_work
let_go
