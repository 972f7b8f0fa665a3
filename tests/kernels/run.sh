#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The suites under other kernels: Debian's, each in a virtual machine (see `boot`).
#
#     tests/kernels/run.sh [-s DEBIAN]... [-c CPUS] [--only SUITE]... [--shards N[,M...]/OF] [ARGUMENT...]
#
#   -s        whose kernel: bookworm (6.1), trixie (6.12), bookworm-backports, ... (the first two)
#   -c        processors of the machine (2); 1 for a machine that has other work
#   --only    only this suite: unit, bad-input, bench-count, integration (all four)
#   --shards  the integration cases in OF parts, a machine for each; only the parts N, M, ... (1,2,3,4/4, and 1/1
#             where a PATTERN is given)
#   ARGUMENT  for integration/run.sh: -k PATTERN, --fs fuse, --as root, -j 1 ...
#
# An emulated processor is slow: all of it takes hours. TIME_FACTOR (10) is by how much waiting times are longer.
set -u

here=$(dirname "$(readlink -f "$0")")
suite=kernels
# shellcheck source=tests/tools/suite.sh
. "$here/../tools/suite.sh"

releases=() only=() shards='' cpus=2 arguments=()
while [ $# -gt 0 ]; do
	case $1 in
	-s) releases+=("$2") && shift ;;
	-c) cpus=$2 && shift ;;
	--only) only+=("$2") && shift ;;
	--shards) shards=$2 && shift ;;
	--long) ;;
	-h | --help) usage ;;
	*) arguments+=("$1") ;;
	esac
	shift
done
[ ${#releases[@]} -gt 0 ] || releases=(bookworm trixie)
[ ${#only[@]} -gt 0 ] || only=(unit bad-input bench-count integration)
if [ -z "$shards" ]; then
	[[ " ${arguments[*]-} " = *' -k '* ]] && shards=1/1 || shards=1,2,3,4/4
fi

[ "$(id -u)" -eq 0 ] || skip_all 'only root can make the root of the machine'
[ "$(dpkg --print-architecture)" = amd64 ] || skip_all 'the virtual machine is an amd64'
for program in qemu-system-x86_64 depmod busybox debootstrap; do
	command -v "$program" >/dev/null || skip_all "there is no $program: tests/setup installs it"
done

work=$(mktemp -d "${TMPDIR:-/tmp}/fuse-overlay-kernels.XXXXXX")
machine=
leave() {
	local status=$?
	trap - EXIT
	trap '' INT TERM HUP
	[ -z "$machine" ] || { kill "$machine" && wait "$machine"; }
	rm -rf --one-file-system "$work"
	exit $status
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
export FUSE_OVERLAY_CACHE=${FUSE_OVERLAY_CACHE:-$work/cache}
passed=0 failed=0 skipped=0

# run_machine DEBIAN SUITE [ARGUMENT...]: one boot, one suite, whose last line is added up.
run_machine() {
	local debian=$1 name=$2 status=0 p f s
	shift 2
	: >"$work/log"
	"$here/boot" -s "$debian" -c "$cpus" -t 21600 -e TIME_FACTOR="${TIME_FACTOR:-10}" \
		tests/kernels/guest-suite "$name" "$@" >"$work/log" 2>&1 &
	machine=$!
	tail -n +1 -f --pid="$machine" "$work/log" &
	wait $!
	wait "$machine" || status=$?
	machine=
	if read -r p f s < <(sed -n "s/^$name: \([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p" \
		"$work/log"); then
		[ "$status" -eq 0 ] || [ "$f" -gt 0 ] || f=1
	else
		p=0 f=1 s=0
		echo "kernels: $name did not come to its end (exit status $status)"
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	lines+=("kernels, $(sed -n 's/^--- \(Linux [^ ,]*\).*/\1/p;T;q' "$work/log") of $debian, $name: $p passed, $f failed, $s skipped")
}

lines=()
for release in "${releases[@]}"; do
	for name in "${only[@]}"; do
		if [ "$name" != integration ]; then
			run_machine "$release" "$name"
			continue
		fi
		for part in $(tr , " " <<<"${shards%/*}"); do
			run_machine "$release" integration --shard "$part/${shards#*/}" ${arguments[@]+"${arguments[@]}"}
		done
	done
done
echo
printf '%s\n' "${lines[@]}"
echo "kernels: $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
