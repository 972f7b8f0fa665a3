# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# A lower layer whose daemon is dead gives errors to those who want its files, and to nobody else.
# only: fuse
shared hanging-lower
# shellcheck disable=SC2086 # words
kill -KILL $BELOW
# shellcheck disable=SC2086 # words
wait_gone $BELOW
fails_with ENOTCONN cat "$M/slow/g"
others_work
fails_with ENOTCONN sys mkdir "$M/slow/d"
fails_with ENOTCONN sys unlink "$M/slow/f"
others_work
let_go
overlay_umount
