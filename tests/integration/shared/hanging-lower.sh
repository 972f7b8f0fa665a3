# SPDX-License-Identifier: GPL-2.0-or-later
# Of the cases of that name: the upper of two lower layers is a FUSE mount, whose daemon can be stopped. What is
# below slow/ lies there alone.
layers 2
mkdir "$T/base"
put "$T/base/slow/f" slow
put "$T/base/slow/g" slow
put "$T/base/both/f" top
put "$L2/both/f" bottom
put "$L2/fast/f" fast
put "$L2/fast/g" fast
"$FUSE_OVERLAY" -o "lowerdir=$T/base$([ "$AS" = plain ] || echo ,allow_other)" "$L1"
BELOW=$(daemons)
# shellcheck disable=SC2016  # when the case ends
finally 'kill -KILL $BELOW; umount -l "$L1" 2>/dev/null || fusermount3 -uz "$L1"'
without_check lower remount cross ino work
shared stop-below
overlay_mount
has "$M/fast/f" fast
# Should others have the kernel drop its caches meanwhile, it must not look for these in the layers again.
exec {kept}<"$M/slow" {also_kept}<"$M/fast"
let_go() { exec {kept}<&- {also_kept}<&-; }

# soon CMD...: it does not wait for the layer that hangs.
soon() { timeout 20 "$@" || fail "$*: status $?"; }

# Files of other layers, and of the upper, can be changed in every way.
changes_work() {
	soon sh -c "echo new >'$M/fast/new' && cat '$M/fast/new'"
	soon sh -c "echo more >>'$M/fast/g'"
	soon mv "$M/fast/new" "$M/fast/newer"
	soon rm "$M/fast/newer"
	soon mkdir "$M/fast/d"
	soon rmdir "$M/fast/d"
}

# And all can be seen.
others_work() {
	same fast "$(soon cat "$M/fast/f")" "content of fast/f"
	changes_work
	soon stat "$M/fast" "$M" >/dev/null
	soon ls "$M/fast" >/dev/null
}

# The processes of this mount namespace that look into slow/, and hang.
hang() {
	local i
	for ((i = 0; i < $1; i++)); do
		cat "$M/slow/f" "$M/slow/missing$i" >/dev/null 2>&1 &
	done
	sleep 0.3
}
