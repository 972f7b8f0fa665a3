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
suite=crash
# shellcheck source=tests/tools/suite.sh
. "$here/../tools/suite.sh"

words=(--kills 15 --cuts 8) keep=''
while [ $# -gt 0 ]; do
	case $1 in
	--long) words=(--kills 200 --cuts 60 "${words[@]:4}") ;;
	--kills | --cuts | --seed | --only) words+=("$1" "$2") && shift ;;
	--keep) words+=(--keep) keep=yes ;;
	*) usage ;;
	esac
	shift
done

need_mounts
losetup -f >/dev/null 2>&1 || {
	echo 'SKIP crash: power cuts: no loop device here'
	words+=(--no-disk)
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/fuse-overlay-crash.XXXXXX")
trap : INT TERM HUP
status=0
(inside /usr/bin/python3 -B "$here/crash.py" "$scratch" "$FUSE_OVERLAY" "${words[@]}") || status=$?
if [ -n "$keep" ] && [ $status -ne 0 ]; then
	echo "kept: $scratch" >&2
else
	rm -rf --one-file-system "$scratch"
fi
exit $status
