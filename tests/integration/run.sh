#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Run the integration cases: every file in cases/, with each contender.
#
#     tests/integration/run.sh [-k PATTERN]... [--fs fuse|kernel|all] [--as root|user|plain|all]
#                              [--backing dir|ext4|xfs|btrfs|tmpfs] [-o OPTIONS] [-j JOBS] [--shard N/OF]
#                              [--keep] [--quiet] [--list]
#
#   -k PATTERN   only cases whose name matches (a shell pattern; `-k rename` is `-k '*rename*'`)
#   --fs         our daemon or kernel overlayfs, which must pass the same cases (both)
#   --as         real root; root of a user namespace (user); a user with fusermount3 (plain): only
#                cases that say `# also: plain`. One that says `# only: fuse` is not the kernel's.
#   --backing    where layers are: a directory under $TMPDIR (dir), or a fresh file system
#   --shard      of each OF cases only the Nth: 1/4, 2/4, 3/4 and 4/4 are all of them
#   -o           our daemon is always mounted with these options, too, such as io_uring=on
#   --keep       leave layers and logs for reading, and say where
#
# FUSE_OVERLAY is the daemon (build/src/mount/fuse-overlay), TREEDUMP prints trees (build/tests/treedump);
# TIME_FACTOR (1) says how many times longer than usual something may take. `differences` beside this file lists
# what differs on purpose. Runs as root; leaves no mount and no process, however it ends.
set -eu -o pipefail
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
tests=$(dirname "$here")
top=$(dirname "$tests")

usage() {
	sed -n '3,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
	exit "$1"
}

patterns=()
fs=all as=all backing=dir jobs=$(nproc) shard=1/1 list='' options=''
while [ $# -gt 0 ]; do
	case $1 in
	-k)
		case $2 in
		*[\*\?[]*) patterns+=("$2") ;;
		*) patterns+=("*$2*") ;;
		esac
		shift
		;;
	--fs) fs=$2 && shift ;;
	--as) as=$2 && shift ;;
	--backing) backing=$2 && shift ;;
	-o) options=$2 && shift ;;
	-j) jobs=$2 && shift ;;
	--shard) shard=$2 && shift ;;
	--keep) export KEEP=yes ;;
	--quiet) export QUIET=yes ;;
	--list) list=yes ;;
	--long) ;;
	-h | --help) usage 0 ;;
	*) usage 2 >&2 ;;
	esac
	shift
done
case $fs in fuse | kernel | all) ;; *) usage 2 >&2 ;; esac
case $as in root | user | plain | all) ;; *) usage 2 >&2 ;; esac
case $backing in dir | ext4 | xfs | btrfs | tmpfs) ;; *) usage 2 >&2 ;; esac

cases=()
for file in "$here"/cases/*.sh; do
	name=${file##*/}
	name=${name%.sh}
	wanted=
	[ ${#patterns[@]} -eq 0 ] && wanted=yes
	for pattern in ${patterns[@]+"${patterns[@]}"}; do
		# shellcheck disable=SC2053  # it is a pattern
		[[ $name == $pattern ]] && wanted=yes
	done
	[ -n "$wanted" ] && cases+=("$name")
done
if [[ ! $shard =~ ^([0-9]+)/([1-9][0-9]*)$ ]]; then usage 2 >&2; fi
for i in "${!cases[@]}"; do
	[ $((i % ${shard#*/} + 1)) = "${shard%/*}" ] || unset "cases[$i]"
done
if [ ${#cases[@]} -eq 0 ]; then
	echo "run.sh: no case matches ${patterns[*]-}" >&2
	exit 2
fi
if [ -n "$list" ]; then
	for name in "${cases[@]}"; do
		printf '%-44s %s\n' "$name" "$(sed -n '2s/^# //p' "$here/cases/$name.sh")"
	done
	exit
fi

if [ "$(id -u)" -ne 0 ]; then
	echo "run.sh: to be everybody in turn, it has to start as root" >&2
	exit 1
fi
# In a mount namespace of its own: no mount can be left behind, and /dev/fuse be opened to users.
if [ "${INTEGRATION_INSIDE-}" != yes ]; then
	export INTEGRATION_INSIDE=yes
	args=(--fs "$fs" --as "$as" --backing "$backing" -o "$options" -j "$jobs" --shard "$shard")
	for pattern in ${patterns[@]+"${patterns[@]}"}; do
		args+=(-k "${pattern}")
	done
	if mountpoint -q /; then
		exec unshare --mount --propagation private bash "$here/run.sh" "${args[@]}"
	fi
	# In a chroot there is no root mount whose propagation could be changed: make one.
	root=$(mktemp -d)
	status=0
	unshare --mount --propagation unchanged bash -c '
		mount --rbind / "$0" && mount --make-rprivate "$0" || exit
		chroot "$0" bash "$@"
		status=$?
		umount --recursive --lazy "$0"
		exit $status' "$root" "$here/run.sh" "${args[@]}" || status=$?
	rmdir "$root"
	exit $status
fi

FUSE_OVERLAY=${FUSE_OVERLAY-$top/build/src/mount/fuse-overlay}
if [ "$fs" != kernel ] && [ ! -x "$FUSE_OVERLAY" ]; then
	echo "run.sh: there is no $FUSE_OVERLAY: build it, or name it in FUSE_OVERLAY, or say --fs kernel" >&2
	exit 1
fi

TREEDUMP=${TREEDUMP-$top/build/tests/treedump}
if [ ! -x "$TREEDUMP" ]; then
	echo "run.sh: there is no $TREEDUMP: build it (ninja -C build), or name it in TREEDUMP" >&2
	exit 1
fi

# --- the place where it happens ---------------------------------------------------------------

RUN=$(mktemp -d "${TMPDIR:-/tmp}/fuse-overlay-integration.XXXXXX")
chmod 755 "$RUN"
mkdir "$RUN/results" "$RUN/logs" "$RUN/kit" "$RUN/kit/bin" "$RUN/t" "$RUN/private"
: >"$RUN/left-out"
image_mounted=

# The kernel offers FUSE over io_uring only where root has said so: for as long as this runs.
enable_uring=/sys/module/fuse/parameters/enable_uring
had_uring=$(cat $enable_uring 2>/dev/null || true)
[ "$had_uring" != N ] || { echo Y >$enable_uring; } 2>/dev/null || true

leave() {
	local status=$?
	trap - EXIT
	[ "$had_uring" != N ] || { echo N >$enable_uring; } 2>/dev/null || true
	if [ -n "${KEEP-}" ]; then
		echo "kept: $RUN (logs, t)"
		exit $status
	fi
	umount "$RUN/private" 2>/dev/null || true
	[ -z "$image_mounted" ] || umount "$RUN/t" || status=1
	rm -rf --one-file-system "$RUN" || status=1
	exit $status
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The unprivileged user may not be able to look into this repository.
KIT=$RUN/kit
cp -r "$here" "$tests/tools" "$KIT/"
cp "$TREEDUMP" "$KIT/bin/"
TREEDUMP=$KIT/bin/${TREEDUMP##*/}
if [ "$fs" != kernel ]; then
	cp "$FUSE_OVERLAY" "$KIT/bin/"
	FUSE_OVERLAY=$KIT/bin/${FUSE_OVERLAY##*/}
fi
# A case starts them a dozen times, and compiling is a good part of what that takes.
/usr/bin/python3 -m compileall -q "$KIT/tools"
chmod -R a+rX "$KIT"

USER_NAME=fuse-overlay-test
if ! USER_ID=$(id -u "$USER_NAME" 2>/dev/null); then
	echo "run.sh: there is no user $USER_NAME: run tests/setup" >&2
	exit 1
fi
GROUP_ID=$(id -g "$USER_NAME")

mount -t tmpfs -o mode=755,size=1m fuse-overlay-integration "$RUN/private"
if [ -c /dev/fuse ]; then
	mknod -m 666 "$RUN/private/fuse" c 10 229
	mount --bind "$RUN/private/fuse" /dev/fuse
fi

image() {
	truncate -s 8G "$RUN/image"
	"$@" "$RUN/image" >/dev/null
	mount -o loop "$RUN/image" "$RUN/t"
	image_mounted=yes
}
case $backing in
dir)
	if [ "$(stat -f -c %T "$RUN/t")" = overlayfs ]; then
		echo "run.sh: $RUN/t is on overlayfs, which carries no upper layer: --backing tmpfs instead"
		backing=tmpfs
		mount -t tmpfs fuse-overlay-integration "$RUN/t"
		image_mounted=yes
	fi
	;;
ext4)
	features=()
	[ ! -e /sys/fs/ext4/features/verity ] || features=(-O verity)
	image mkfs.ext4 -q -N 600000 ${features[@]+"${features[@]}"}
	;;
xfs) image mkfs.xfs -q ;;
btrfs) image mkfs.btrfs -q ;;
tmpfs)
	mount -t tmpfs fuse-overlay-integration "$RUN/t"
	image_mounted=yes
	;;
esac
chmod 755 "$RUN/t"

BACKING_DIR=$RUN/t
# Files whose owner no user namespace of the tests knows.
FOREIGN=$RUN/t/foreign
mkdir "$FOREIGN"
echo readable >"$FOREIGN/readable"
echo unreadable >"$FOREIGN/unreadable"
chmod 600 "$FOREIGN/unreadable"
TOOLS=$KIT/tools
PYTHON=/usr/bin/python3
DAEMON_NAME=${FUSE_OVERLAY##*/}
DAEMON_NAME=${DAEMON_NAME:0:15}
CASE_TIMEOUT=${CASE_TIMEOUT-120} TIME_FACTOR=${TIME_FACTOR-1}
CROSS=
grep -qw overlay /proc/filesystems && CROSS=yes
export FOREIGN RUN KIT FUSE_OVERLAY TREEDUMP USER_ID GROUP_ID BACKING_DIR TOOLS PYTHON DAEMON_NAME CROSS
export CASE_TIMEOUT TIME_FACTOR
export BACKING=$backing MORE_OPTIONS=$options

# --- who with what ----------------------------------------------------------------------------

contenders=()
for which in fuse kernel; do
	for who in root user plain; do
		[ "$fs" = all ] || [ "$fs" = "$which" ] || continue
		[ "$as" = all ] || [ "$as" = "$who" ] || continue
		[ $which-$who = kernel-plain ] && continue
		contenders+=("$which-$who")
	done
done
if [ ${#contenders[@]} -eq 0 ]; then
	echo "run.sh: the kernel mounts nothing for a plain user" >&2
	exit 2
fi

# Where nobody may make a user namespace (a chroot, a container that forbids it), say so once.
no_namespace=
if [ "$as" = user ] || [ "$as" = all ]; then
	# The plain one first: where that fails, unshare(1) with --map-auto leaves a helper that waits for ever.
	words=(setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --clear-groups unshare --user)
	{ "${words[@]}" true && "${words[@]}" --map-root-user --map-auto --mount --pid --fork true; } \
		2>"$RUN/said" || no_namespace="no user namespace can be made here: $(head -n 1 "$RUN/said")"
fi

echo "integration: ${#cases[@]} cases with ${contenders[*]}, backing $backing, ${options:+options $options, }Linux $(uname -r)"
for name in "${cases[@]}"; do
	for contender in "${contenders[@]}"; do
		if [ "$contender" = fuse-plain ] && ! grep -q '^# also: plain' "$here/cases/$name.sh"; then
			continue
		fi
		if [[ $contender == kernel-* ]] && grep -q '^# only: fuse$' "$here/cases/$name.sh"; then
			continue
		fi
		if [[ $contender == *-user && -n $no_namespace ]]; then
			printf 'SKIP\t%s\t%s\t0\t%s\n' "$contender" "$name" "$no_namespace" \
				>"$RUN/results/$contender.$name"
			echo "$contender" "$name" >>"$RUN/left-out"
			continue
		fi
		echo "$contender" "$name"
	done
done >"$RUN/plan"

xargs -P "$jobs" -n 2 bash "$KIT/integration/one.sh" <"$RUN/plan" || true

# --- what came out ----------------------------------------------------------------------------

count() { cat "$RUN"/results/* 2>/dev/null | awk -F '\t' -v r="$1" -v c="${2-}" \
	'$1 == r && (c == "" || $2 == c) {n++} END {print n + 0}'; }

section() {
	local result=$1 title=$2
	[ "$(count "$result")" -gt 0 ] || return 0
	echo
	echo "$title"
	cat "$RUN"/results/* | awk -F '\t' -v r="$result" -v all="${no_namespace:--}" '
		$1 == r && $5 == all {n++; next}
		$1 == r {print "  " $3 " (" $2 "): " $5}
		END {if (n) print "  (" n " runs): " all}' | sort
}

planned=$(cat "$RUN/plan" "$RUN/left-out" | wc -l)
ran=$(find "$RUN/results" -type f | wc -l)
section SKIP "Skipped:"
section DIFFERS "Intended differences:"
section FAIL "Failed:"
if [ "$(count FAIL)" -gt 0 ]; then
	cat "$RUN"/results/* | awk -F '\t' '$1 == "FAIL" {print $2 "." $3}' | sort | while read -r name; do
		echo
		echo "--- $name, the end of its output"
		tail -n "${LOG_LINES-25}" "$RUN/logs/$name" | cut -c 1-400
	done
fi
echo
for contender in "${contenders[@]}"; do
	printf 'integration, %-12s %4d passed, %d failed, %d skipped, %d intended differences\n' "$contender:" \
		"$(count PASS "$contender")" "$(count FAIL "$contender")" \
		"$(count SKIP "$contender")" "$(count DIFFERS "$contender")"
done
lost=$((planned - ran))
[ $lost -eq 0 ] || echo "integration: $lost planned runs left no result"
failed=$(($(count FAIL) + lost))
echo "integration: $(count PASS) passed, $failed failed, $(($(count SKIP) + $(count DIFFERS))) skipped"
[ $failed -eq 0 ]
