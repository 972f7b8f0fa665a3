#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Eight processes at once on one mount, under sanitizers and valgrind; README.md beside this file.
#
#     run.sh [--long] [--seconds N] [--cycles N] [--seed SEED] [--options OPTIONS] [--only PART]...
#
#   --long     1000 cycles and 300 seconds each, instead of 100 and 6
#   --options  more mount options, such as passthrough=on
#   --only     plain (cycles, and a long life), asan, tsan, valgrind
#
# The sanitizers' builds are made in scratch and removed; STRESS_BUILDS=DIR keeps them there, and takes
# what is there already. FUSE_OVERLAY is the plain daemon. Leaves no mount and no process.
set -eu

here=$(dirname "$(readlink -f "$0")")
top=$(readlink -f "$here/../..")
suite=stress
# shellcheck source=tests/tools/suite.sh
. "$here/../tools/suite.sh"

seconds=6 cycles=100 words=() only=''
while [ $# -gt 0 ]; do
	case $1 in
	--long) seconds=300 cycles=1000 ;;
	--seconds) seconds=$2 && shift ;;
	--cycles) cycles=$2 && shift ;;
	--options) words+=(--options "$2") && shift ;;
	--seed) words+=(--seed "$2") && shift ;;
	--only)
		case ${2-} in plain | asan | tsan | valgrind) only+=" $2 " ;; *) usage ;; esac
		shift
		;;
	*) usage ;;
	esac
	shift
done

need_mounts
need_treedump

scratch=$(mktemp -d "${TMPDIR:-/tmp}/fuse-overlay-stress.XXXXXX")
trap 'rm -rf --one-file-system "$scratch"' EXIT
trap : INT TERM HUP
builds=${STRESS_BUILDS:-$scratch}
skipped=0

wanted() { [ -z "$only" ] || [[ $only == *" $1 "* ]]; }

# build NAME SANITIZER: a daemon, or a reason.
build() {
	wanted "$1" || return 0
	local dir=$builds/build-$1
	if { [ -e "$dir/build.ninja" ] || meson setup "$dir" "$top" -Db_sanitize="$2" -Db_lundef=false -Doptimization=1; } &&
		ninja -C "$dir" src/mount/fuse-overlay; then
		words+=("--$1" "$dir/src/mount/fuse-overlay")
	else
		return 1
	fi >"$scratch/said" 2>&1
}

wanted plain && words+=(--plain "$FUSE_OVERLAY")
for pair in asan:address,undefined tsan:thread; do
	build "${pair%:*}" "${pair#*:}" || {
		echo "SKIP stress: ${pair%:*}: it cannot be built here: $(tail -n 1 "$scratch/said")"
		skipped=$((skipped + 1))
	}
done
if wanted valgrind; then
	if command -v valgrind >/dev/null; then
		words+=(--valgrind "$FUSE_OVERLAY")
	else
		echo 'SKIP stress: valgrind: it is not installed'
		skipped=$((skipped + 1))
	fi
fi

mkdir "$scratch/t"
status=0
(inside /usr/bin/python3 -B "$here/stress.py" "$scratch/t" --seconds "$seconds" --cycles "$cycles" \
	--skipped "$skipped" "${words[@]}") || status=$?
exit $status
