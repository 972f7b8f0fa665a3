#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Container engines live on the overlay: podman and buildah, as root and rootless. See README.md beside
# this file.
#
#     run.sh [--long] [--compare] [--rounds N] [-k STEP]... [CONTENDER...]
#
# CONTENDER: fuse-root kernel-root fuse-user kernel-user (default: all four), old-root old-user (the program
# fuse-overlayfs of Debian's package of that name), naive-root (the kernel, with redirects: then containers/storage
# compares trees as it does with a mount program, instead of reading the upper).
# --compare: how long builds, commits and apt take: all contenders, and the steps that are timed (or those of -k).
# --rounds N: all contenders N times, in turn; the table has the medians.
# -k STEP: only the steps whose names match this pattern, and those that they need.
set -u

here=$(dirname "$(readlink -f "$0")")
suite=engines
user=fuse-overlay-test
# shellcheck source=tests/tools/suite.sh
. "$here/../tools/suite.sh"

inside=
if [ "${1-}" = --inside ]; then
	inside=yes top=$2
	shift 2
fi
words=("$@")
contenders=() only=() rounds=1 compare=
export FUSE_OVERLAY_LONG=${FUSE_OVERLAY_LONG-}
while [ $# -gt 0 ]; do
	case $1 in
	--long) FUSE_OVERLAY_LONG=yes ;;
	--compare)
		FUSE_OVERLAY_LONG=yes
		compare=yes
		;;
	--rounds)
		rounds=${2-}
		[ $# -lt 2 ] || shift
		;;
	-k)
		[ $# -gt 1 ] || usage
		only+=("$2")
		shift
		;;
	fuse-root | kernel-root | fuse-user | kernel-user | old-root | old-user | naive-root)
		[[ " ${contenders[*]-} " != *" $1 "* ]] || usage
		contenders+=("$1")
		;;
	*) usage ;;
	esac
	shift
done
[[ $rounds =~ ^[1-9][0-9]*$ ]] || usage
if [ -n "$compare" ]; then
	[ ${#only[@]} -gt 0 ] || only=(11-build deep-build debian)
	[ ${#contenders[@]} -gt 0 ] ||
		contenders=(kernel-root naive-root fuse-root old-root kernel-user fuse-user old-user)
fi
[ ${#contenders[@]} -gt 0 ] || contenders=(fuse-root kernel-root fuse-user kernel-user)

# In namespaces of its own from here on: when the first process of the pid namespace ends, for whatever
# reason, the kernel ends all others, and with the last of them goes every mount and every network.
if [ -z "$inside" ]; then
	[ "$(id -u)" -eq 0 ] || skip_all 'only root can make the namespaces'
	for tool in podman buildah conmon unshare setpriv newuidmap busybox jq; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed (tests/setup engines)"
	done
	[ -e /dev/fuse ] || skip_all '/dev/fuse is missing'
	need_treedump
	unshare --mount --pid --fork true || skip_all 'no mount and pid namespaces here'
	top=$(mktemp -d "${FUSE_OVERLAY_SCRATCH:-${TMPDIR:-/var/tmp}}/fuse-overlay-$suite.XXXXXX") || exit 1
	chmod 0755 "$top"
	echo "logs: $top/results (they stay if a step fails)"
	# Here, where the network still is, and only for the step that needs it.
	if [ -n "$FUSE_OVERLAY_LONG" ] && { [ ${#only[@]} -eq 0 ] || [[ ${only[*]} == *debian* ]]; }; then
		mkdir "$top/results"
		# shellcheck source=tests/mainjob/tree
		. "$here/../mainjob/tree"
		get_tree "$top/debian" "$top/results/debootstrap.log" || echo 'no Debian system: its steps are skipped'
		[ ! -d "$top/debian/bin" ] || tar -C "$top/debian" --numeric-owner -cf "$top/debian.tar" .
		rm -rf "$top/debian"
	fi
	status=0
	trap 'kill -KILL "$child"' TERM INT HUP
	unshare --mount --propagation private --pid --fork --kill-child --mount-proc --net --ipc -- \
		"$0" --inside "$top" ${words[@]+"${words[@]}"} &
	child=$!
	wait "$child" || status=$?
	wait "$child" 2>/dev/null # had a signal ended the first
	rm -rf --one-file-system "$top/scratch" "$top/scratch.img" "$top/node" "$top/debian.tar"
	# podman's group of processes, unless somebody else has any in it.
	find /sys/fs/cgroup -depth -type d -path '*/libpod_parent*' -exec rmdir {} + 2>/dev/null
	if [ "$status" -eq 0 ]; then
		rm -rf --one-file-system "$top"
	fi
	exit "$status"
fi

trap 'exit 130' TERM INT HUP
scratch=$top/scratch results=$top/results
passed=0 failed=0 skipped=0

# shellcheck source=tests/mainjob/ground
. "$here/../mainjob/ground"
# shellcheck source=tests/engines/base
. "$here/base"

# --- one contender ---

why_not() {
	local name=$1
	case $name in
	fuse-*) [ -x "$FUSE_OVERLAY" ] || echo "$FUSE_OVERLAY is not built" ;;
	old-*) command -v fuse-overlayfs >/dev/null || echo 'fuse-overlayfs is not installed' ;;
	kernel-* | naive-*) kernel_works_on "$scratch" || echo 'the kernel has no overlayfs here' ;;
	esac
	case $name in *-user)
		grep -qs "^$user:" /etc/subuid || echo "no user $user with subordinate ids (tests/setup)"
		;;
	esac
}

# As people have it: nothing of root's environment, no session, no XDG_RUNTIME_DIR.
run_contender() {
	local name=$1 logs=$results/$1.$2 own=$scratch/$1 as=(env)
	mkdir "$logs" && mkdir -m 0711 "$own" "/run/$name" || return
	if [[ $name == *-user ]]; then
		chown "$user:" "$logs" "$own" "/run/$name"
		as=(setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups --inh-caps=-all env)
	fi
	local program=$scratch/bin/fuse-overlay
	[[ $name != old-* ]] || program=$(command -v fuse-overlayfs)
	(cd "$own" && exec "${as[@]}" -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
		${FUSE_OVERLAY_TESTS:+"FUSE_OVERLAY_TESTS=$FUSE_OVERLAY_TESTS"} \
		FUSE_OVERLAY="$program" TREEDUMP="$scratch/bin/treedump" LONG="$FUSE_OVERLAY_LONG" DEBIAN="$top/debian.tar" \
		"$here/contender" "$name" "$scratch/base" "$own" "$logs" ${only[@]+"${only[@]}"})
}

report_contender() {
	local mark
	while read -r mark _; do
		case $mark in
		PASS) passed=$((passed + 1)) ;;
		FAIL) failed=$((failed + 1)) ;;
		SKIP) skipped=$((skipped + 1)) ;;
		esac
	done <"$results/$1.$2/verdicts"
}

# The next round begins with nothing, as this one did.
remove_contender() {
	local mount
	while read -r _ _ _ _ mount _; do
		[[ $mount/ != "$scratch/$1"/* && $mount/ != "/run/$1"/* ]] || echo "$mount"
	done </proc/self/mountinfo | tac | while read -r mount; do umount --lazy "$mount"; done
	rm -rf --one-file-system "${scratch:?}/$1" "/run/$1"
}

# Seconds of every step, contenders side by side: the medians of all rounds.
table() {
	local name
	printf '\n%-26s' seconds
	printf '%16s' "${ran[@]}"
	echo
	for name in "${ran[@]}"; do
		sed "s/^/$name /" "$results/$name".*/verdicts
	done | awk -v names="${ran[*]}" '
		BEGIN { n = split(names, column) }
		!($3 in seen) { seen[$3] = 1; step[++steps] = $3 }
		{ time[$1, $3, ++times[$1, $3]] = $4 }
		$2 == "TIME" { part[$3] = 1 }
		$2 == "FAIL" || ($2 == "SKIP" && mark[$1, $3] == "") { mark[$1, $3] = " " $2 }
		function median(who, what, count, i, j, t) {
			count = times[who, what]
			for (i = 2; i <= count; i++)
				for (j = i; j > 1 && time[who, what, j - 1] > time[who, what, j]; j--) {
					t = time[who, what, j]
					time[who, what, j] = time[who, what, j - 1]
					time[who, what, j - 1] = t
				}
			i = int((count + 1) / 2)
			if (count == 0 || count % 2)
				return time[who, what, i]
			return sprintf("%.1f", (time[who, what, i] + time[who, what, i + 1]) / 2)
		}
		END {
			for (i = 1; i <= steps; i++) {
				printf "%-26s", step[i]
				for (j = 1; j <= n; j++) {
					m = median(column[j], step[i])
					printf "%16s", m mark[column[j], step[i]]
					if (!(step[i] in part))
						sum[column[j]] += m
				}
				print ""
			}
			printf "%-26s", "all"
			for (j = 1; j <= n; j++)
				printf "%16.1f", sum[column[j]]
			print ""
		}'
	echo
}

make_scratch "$scratch" || skip_all 'no place for the store'
mkdir -p "$results" "$scratch/bin"
# Where the user can run it, wherever it was built.
install -m 755 "$FUSE_OVERLAY" "$scratch/bin/fuse-overlay" 2>/dev/null
install -m 755 "$TREEDUMP" "$scratch/bin/treedump"
open_dev_fuse "$top/node" || skip_all 'no /dev/fuse that a user may open'
ip link set lo up 2>/dev/null
# There are locks and states under one name for all; and podman wants a short path for its own.
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t tmpfs -o mode=0755 run /run
make_base "$scratch/base" >"$results/base.log" 2>&1 || {
	tail -n 5 "$results/base.log"
	skip_all 'the base image cannot be made'
}

ran=()
for name in "${contenders[@]}"; do
	reason=$(why_not "$name")
	if [ -z "$reason" ]; then
		ran+=("$name")
	else
		echo "SKIP $suite/$name: $reason"
		skipped=$((skipped + 1))
	fi
done
for ((round = 1; round <= rounds; round++)); do
	for name in ${ran[@]+"${ran[@]}"}; do
		run_contender "$name" "$round" </dev/null || {
			echo "FAIL $suite/$name: it ended with status $?"
			failed=$((failed + 1))
		}
		[ ! -e "$results/$name.$round/verdicts" ] || report_contender "$name" "$round"
		[ "$round" -eq "$rounds" ] || remove_contender "$name" || {
			echo "FAIL $suite/$name: the store of round $round cannot be removed"
			failed=$((failed + 1))
			break 2
		}
	done
done
[ ${#ran[@]} -eq 0 ] || table
echo "$suite: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
