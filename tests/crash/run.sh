#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon is killed, and its disk taken away, under load; README.md beside this file says what must
# be there afterwards.
#
#     run.sh [--long] [--kills N] [--cuts N] [--seed SEED] [--only GENERATION] [--keep]
#
#   --long   200 kills and 60 power cuts, instead of 15 and 8
#   --seed   what the workers choose; the line of a failure and this give the same layers and load again
#   --only   one generation of them (give --kills and --cuts, or --long, as before)
#   --keep   leave layers and logs of a generation that failed, and say where
#
# FUSE_OVERLAY is the daemon (build/src/mount/fuse-overlay). Leaves no mount and no process.
set -eu

here=$(dirname "$(readlink -f "$0")")
FUSE_OVERLAY=$(readlink -m "${FUSE_OVERLAY:-$here/../../build/src/mount/fuse-overlay}")

skip_all() {
	echo "SKIP crash: $*"
	echo "crash: 0 passed, 0 failed, 1 skipped"
	exit 0
}

words=(--kills 15 --cuts 8) keep=''
while [ $# -gt 0 ]; do
	case $1 in
	--long) words=(--kills 200 --cuts 60 "${words[@]:4}") ;;
	--kills | --cuts | --seed | --only) words+=("$1" "$2") && shift ;;
	--keep) words+=(--keep) keep=yes ;;
	*)
		sed -n '3,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
		exit 2
		;;
	esac
	shift
done

[ "$(id -u)" -eq 0 ] || skip_all 'it mounts, and needs root'
[ -x "$FUSE_OVERLAY" ] || skip_all "$FUSE_OVERLAY is not built"
[ -c /dev/fuse ] || skip_all '/dev/fuse is missing'
unshare --mount --pid --fork true || skip_all 'no mount and pid namespaces here'
losetup -f >/dev/null 2>&1 || {
	echo 'SKIP crash: power cuts: no loop device here'
	words+=(--no-disk)
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/fuse-overlay-crash.XXXXXX")
trap : INT TERM HUP
status=0
unshare --mount --propagation private --pid --fork --kill-child --mount-proc -- \
	/usr/bin/python3 -B "$here/crash.py" "$scratch" "$FUSE_OVERLAY" "${words[@]}" || status=$?
if [ -n "$keep" ] && [ $status -ne 0 ]; then
	echo "kept: $scratch" >&2
else
	rm -rf --one-file-system "$scratch"
fi
exit $status
