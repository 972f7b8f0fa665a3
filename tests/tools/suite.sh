# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What suites that mount have in common. Who reads this has set suite, its name, and here, its directory.
export FUSE_OVERLAY TREEDUMP
FUSE_OVERLAY=$(readlink -m "${FUSE_OVERLAY:-$here/../../build/src/mount/fuse-overlay}")
TREEDUMP=$(readlink -m "${TREEDUMP:-$here/../../build/tests/treedump}")
# shellcheck disable=SC2154

skip_all() {
	echo "SKIP $suite: $*"
	echo "$suite: 0 passed, 0 failed, 1 skipped"
	exit 0
}

# The comment at the top of the suite's program.
usage() {
	sed -n '3,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
	exit 2
}

# Skips all where nothing can be mounted.
need_mounts() {
	[ "$(id -u)" -eq 0 ] || skip_all 'it mounts, and needs root'
	[ -x "$FUSE_OVERLAY" ] || skip_all "$FUSE_OVERLAY is not built"
	[ -c /dev/fuse ] || skip_all '/dev/fuse is missing'
	unshare --mount --pid --fork true || skip_all 'no mount and pid namespaces here'
}

# Skips all where trees cannot be compared.
need_treedump() { [ -x "$TREEDUMP" ] || skip_all "$TREEDUMP is not built"; }

# inside CMD...: this shell becomes CMD, in namespaces of its own, with which every mount and every process ends.
inside() { exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc -- "$@"; }
