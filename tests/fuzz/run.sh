#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz targets under AddressSanitizer and UndefinedBehaviorSanitizer; README.md beside this file.
#
#     run.sh [--long] [--seconds N] [--seed N] [--only TARGET]... [--libfuzzer]
#
#   --long       a minute each, instead of 2 seconds
#   --libfuzzer  LLVM's libFuzzer, built with clang, instead of our own driver
#
# The build is made in scratch and removed; FUZZ_BUILDS=DIR keeps it there, and takes what is there already.
set -eu

here=$(dirname "$(readlink -f "$0")")
top=$(readlink -f "$here/../..")
seconds=2 seed=$((RANDOM * 32768 + RANDOM)) only='' libfuzzer=false
targets=(options ids marks layers messages)
while [ $# -gt 0 ]; do
	case $1 in
	--long) seconds=60 ;;
	--seconds) seconds=$2 && shift ;;
	--seed) seed=$2 && shift ;;
	--only) only+=" $2 " && shift ;;
	--libfuzzer) libfuzzer=true ;;
	*)
		sed -n '3,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
		exit 2
		;;
	esac
	shift
done

skip_all() {
	echo "SKIP fuzz: $*"
	echo "fuzz: 0 passed, 0 failed, 1 skipped"
	exit 0
}
[ "$(id -u)" -eq 0 ] || skip_all 'layers have devices and trusted xattrs, which only root can make'

scratch=$(mktemp -d "${TMPDIR:-/tmp}/fuse-overlay-fuzz.XXXXXX")
memory=$(mktemp -d /dev/shm/fuse-overlay-fuzz.XXXXXX 2>/dev/null) || memory=$scratch
trap 'rm -rf --one-file-system "$scratch" "$memory"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

build=${FUZZ_BUILDS:-$scratch}/build-fuzz words=()
if $libfuzzer; then
	build+=-libfuzzer
	words=(-Dlibfuzzer=true -Dc_args=-fsanitize=fuzzer-no-link)
	export CC=clang
fi
programs=("${targets[@]/#/tests/fuzz/fuzz_}")
make_programs() {
	[ -e "$build/build.ninja" ] || meson setup "$build" "$top" -Db_sanitize=address,undefined -Db_lundef=false \
		-Doptimization=1 "${words[@]}" || return
	ninja -C "$build" "${programs[@]}"
}
if ! make_programs >"$scratch/said" 2>&1; then
	tail -n 3 "$scratch/said"
	skip_all 'it cannot be built here'
fi

export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
passed=0 failed=0
echo "fuzz: seed $seed, $seconds seconds each"
for target in "${targets[@]}"; do
	[ -z "$only" ] || [[ $only == *" $target "* ]] || continue
	if $libfuzzer; then
		words=(-seed="$seed" -max_total_time="$seconds" -max_len=4096 -print_final_stats=1
			-artifact_prefix="${FUZZ_BUILDS:-/tmp}/")
	else
		words=(--seed "$seed" --seconds "$seconds")
	fi
	status=0
	TMPDIR=$memory "$build/tests/fuzz/fuzz_$target" "${words[@]}" >"$scratch/log" 2>&1 || status=$?
	if [ $status -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok    $target: $(grep -a 'up to input\|number_of_executed_units' "$scratch/log" | tail -n 1)"
	else
		failed=$((failed + 1))
		echo "FAIL  $target"
		tail -n 60 "$scratch/log"
	fi
	rm -rf --one-file-system "${memory:?}"/*
done
echo "fuzz: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
