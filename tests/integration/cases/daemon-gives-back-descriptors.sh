# SPDX-License-Identifier: GPL-2.0-or-later
# When it returns, nothing of the caller's is kept: stderr has its end, lent descriptors and locks are free.
# only: fuse
# also: plain
put "$L/f" text
exec 7>"$T.lock" 11>"$T.other"
flock 7
# A command substitution ends when nobody has its pipe any more, as podman's reading of stderr does.
said=$(timeout 20 "$FUSE_OVERLAY" -o "lowerdir=$L,upperdir=$U,workdir=$W" "$M" 2>&1 12>&1)
MOUNTED=yes
same '' "$said" said
has "$M/f" text
exec 7>&- 11>&-
flock -n "$T.lock" true || fail "the daemon has the caller's lock"
id=$(daemons)
for fd in 0 1 2; do same /dev/null "$(readlink "/proc/$id/fd/$fd")" "descriptor $fd"; done
! find "/proc/$id/fd" -lname "$T.*" -o -lname 'pipe:*' | grep . || fail "the daemon has a descriptor of its caller's"
same "$id $id" "$(ps -o pgid=,sid= "$id" | xargs)" "process group and session"
without_check remount cross
