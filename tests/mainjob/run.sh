#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The main job: a Debian system lives on the overlay. See README.md beside this file.
#
#     run.sh [CONTENDER...]      default: kernel-root fuse-root kernel-user fuse-user
#     run.sh --long              and kernel-root-2 kernel-user-2
#
# kernel-root-2 and kernel-user-2 are second runs of the kernel's overlayfs: they show that two runs of
# the steps give the same tree at all.
set -u

here=$(dirname "$(readlink -f "$0")")
suite=mainjob
# shellcheck source=tests/tools/suite.sh
. "$here/../tools/suite.sh"

# In namespaces of its own from here on: when the first process of the pid namespace ends, for whatever
# reason, the kernel ends all others, and with the last of them goes every mount.
if [ "${1-}" != --inside ]; then
	[ "$(id -u)" -eq 0 ] || skip_all 'only root can make the tree and the namespaces'
	for tool in debootstrap unshare setpriv; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed"
	done
	need_treedump
	unshare --mount --pid --fork true || skip_all 'no mount and pid namespaces here'
	top=$(mktemp -d "${FUSE_OVERLAY_SCRATCH:-${TMPDIR:-/var/tmp}}/fuse-overlay-$suite.XXXXXX") || exit 1
	chmod 0755 "$top"
	status=0
	inside "$0" --inside "$top" "$@" &
	inside=$!
	# unshare(1) waits with signals blocked; with it ends all that is inside.
	trap 'kill -KILL "$inside"' TERM INT HUP
	wait "$inside" || status=$?
	trap '' TERM INT HUP
	rm -rf --one-file-system "$top/scratch" "$top/scratch.img" "$top/work"
	if [ "$status" -eq 0 ]; then
		rm -rf --one-file-system "$top"
	else
		echo "logs and trees are left in $top"
	fi
	exit "$status"
fi

shift
top=$1
shift
contenders=("$@")
case ${1-} in
'') contenders=(kernel-root fuse-root kernel-user fuse-user) ;;
--long) contenders=(kernel-root kernel-root-2 fuse-root kernel-user kernel-user-2 fuse-user) ;;
esac
trap 'exit 130' TERM INT HUP
scratch=$top/scratch
results=$top/results
passed=0 failed=0 skipped=0

# shellcheck source=tests/mainjob/ground
. "$here/ground"
# shellcheck source=tests/mainjob/tree
. "$here/tree"

pass() {
	passed=$((passed + 1))
	echo "PASS $suite/$*"
}

fail() {
	failed=$((failed + 1))
	echo "FAIL $suite/$*"
}

skip() {
	skipped=$((skipped + 1))
	echo "SKIP $suite/$*"
}

# --- the ground ---

# The same tree, owned by the ids of the tester's namespace. Device nodes cannot be made there: files
# take their places, over which the steps mount the machine's own.
get_user_tree() {
	local tree=$1
	install -d -o "$tester" -g "$tester" "$tree"
	# shellcheck disable=SC2016 # for the inner shell to expand
	tar --numeric-owner -C "$scratch/lower" --exclude='./dev/*' -cf - . |
		"$here/in-userns" "$tester" /bin/bash -euc '
			tar --numeric-owner -C "$1" -xpf -
			for node in null zero full random urandom tty; do : >"$1/dev/$node"; done
		' copy "$tree"
}

# --- one contender ---

why_not() {
	case $1 in
	fuse-*) [ -x "$FUSE_OVERLAY" ] || echo "$FUSE_OVERLAY is not built" ;;
	kernel-*) [ -n "$kernel_here" ] || echo 'the kernel has no overlayfs here' ;;
	esac
	case $1 in *-user*) [ -n "$tester_here" ] || echo "no user namespace: $tester_why" ;; esac
	[ -e /dev/fuse ] || case $1 in fuse-*) echo '/dev/fuse is missing' ;; esac
}

run_contender() {
	local name=$1 kind who options='' lower=$scratch/lower status=0
	# A mount namespace for each: a copy of this one, made while the other lane has something mounted,
	# would keep that alive.
	local as=(unshare --mount --propagation private --)
	kind=${name%%-*}
	who=${name#*-}
	who=${who%%-*}
	# One of them works as container engines do for builds.
	[ "$name" != fuse-user ] || options=volatile
	# The tree has its own device nodes. A FUSE mount is nodev unless it is told otherwise, and
	# cannot be told so in a user namespace.
	[ "$name" != fuse-root ] || options=dev
	mkdir "$results/$name" "$scratch/$name"
	if [ "$who" = user ]; then
		as=("$here/in-userns" "$tester")
		lower=$scratch/lower-user
		[ -e "$lower" ] || get_user_tree "$lower" || return 1
		chown "$tester:" "$results/$name" "$scratch/$name"
	fi
	"${as[@]}" "$here/contender" "$kind" "$who" "$lower" "$scratch/$name" \
		"$results/$name" "$options" || status=$?
	rm -rf --one-file-system "${scratch:?}/$name" || status=$?
	return $status
}

# A dump without times and inode numbers, and without what tests/mainjob/exclusions names.
comparable() {
	awk -v file="$here/exclusions" '
		BEGIN {
			while ((getline line < file) > 0) {
				split(line, word)
				if (word[1] ~ /^\.\//)
					left_out[++n] = word[1]
			}
		}
		{
			for (i = 1; i <= n; i++)
				if ($1 == left_out[i] || index($1, left_out[i] "/") == 1)
					next
			gsub(/ (mtime|ino)=[^ ]*/, "")
			print
		}' "$1"
}

# How the tree after a step differs from the one that the kernel gave, if it does.
compare_with_kernel() {
	local name=$1 step=$2 oracle
	case $name in *-user*) oracle=kernel-user ;; *) oracle=kernel-root ;; esac
	[ "$name" != "$oracle" ] || return 0
	if [ ! -e "$results/$oracle/$step.tree" ]; then
		skip "$name/$step/kernel: $oracle has no tree to compare with"
		return 0
	fi
	if diff <(comparable "$results/$oracle/$step.tree") <(comparable "$results/$name/$step.tree") \
		>"$results/$name/$step.kernel-diff"; then
		pass "$name/$step/kernel"
	else
		fail "$name/$step/kernel: $(grep -c '^[<>]' "$results/$name/$step.kernel-diff") lines differ:"
		head -n 12 "$results/$name/$step.kernel-diff" | cut -c 1-220 | sed 's/^/    /'
	fi
}

report_contender() {
	local name=$1 mark step check seconds why
	while read -r mark step check seconds why; do
		if [ "$mark" = pass ]; then
			pass "$name/$step/$check $seconds s"
		else
			fail "$name/$step/$check $seconds s: $why"
			[ "$check" != step ] || tail -n 12 "$results/$name/$step.log" 2>/dev/null | sed 's/^/    /'
			[ "$check" != remount ] ||
				diff "$results/$name/$step.tree" "$results/$name/$step.again" 2>/dev/null |
				head -n 12 | cut -c 1-220 | sed 's/^/    /'
		fi
		[ "$check" != read ] || compare_with_kernel "$name" "$step"
	done <"$results/$name/verdicts"
}

make_scratch "$scratch" || skip_all 'no place for the trees'
mkdir -p "$results" "$top/work"
kernel_here=
! kernel_works_on "$scratch" || kernel_here=yes
tester_here='' tester_why=''
if tester_why=$({ make_tester "$top/work" && open_dev_fuse "$top/work/node"; } 2>&1); then
	tester=ovl-ns-tester
	tester_why=$("$here/in-userns" "$tester" true 2>&1) && tester_here=yes
fi

from=$SECONDS
get_tree "$scratch/lower" "$results/debootstrap.log" || {
	fail "tree: debootstrap failed"
	echo "$suite: $passed passed, $failed failed, $skipped skipped"
	exit 1
}
echo "the lower: $(find "$scratch/lower" | wc -l) files, $(du -sm "$scratch/lower" | cut -f 1) MB, made in $((SECONDS - from)) s"

# The contenders of one WHO, one after the other: into results/NAME, and NAME.ended. The two lanes run
# side by side, for each waits much of the time: for the disk, or for the other side of the mount.
run_lane() {
	local who=$1 name from status
	for name in "${runnable[@]}"; do
		case $name in *-"$who"*) ;; *) continue ;; esac
		from=$SECONDS status=0
		run_contender "$name" || status=$?
		echo "$status $((SECONDS - from))" >"$results/$name.ended"
	done
}

runnable=()
for name in "${contenders[@]}"; do
	reason=$(why_not "$name")
	if [ -n "$reason" ]; then
		skip "$name: $reason"
	else
		runnable+=("$name")
	fi
done
run_lane root &
run_lane user &
wait
for name in "${runnable[@]}"; do
	status=unknown seconds='?'
	read -r status seconds <"$results/$name.ended"
	[ "$status" = 0 ] || fail "$name: ended with status $status"
	[ ! -e "$results/$name/verdicts" ] || report_contender "$name"
	echo "$name: $seconds s"
done
echo "$suite: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
