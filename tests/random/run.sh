#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Random operations on an overlay and on a plain directory. See README.md beside this file.
#
#     run.sh                                     the named cases, fixed seeds, and a few new ones
#     run.sh --long [SEEDS]                      so many new seeds (1000) per contender
#     run.sh --replay CONTENDER SEED-OR-CASE...  with more said
#     run.sh --minimise CONTENDER CASE RESULT    leave out what is not needed for the failure
set -u

here=$(dirname "$(readlink -f "$0")")
suite=random
# shellcheck source=tests/tools/suite.sh
. "$here/../tools/suite.sh"

# name, randops' options ('+' is a comma inside one), fixed seeds, how many new ones a short run has. 0: there
# are never new ones. The kernel takes part, and the fixed seeds are some in which none of its blemishes shows
# (README.md names them).
contenders='
kernel-root           -                                     1-4    0
kernel-root-redirect  --options,redirect_dir=on             1-3    0
kernel-user           --user                                1-3    0
fuse-root             --fuse,@,--options,dev,--numbers      1-12   4
fuse-root-foreign     --fuse,@,--options,dev,--foreign      21-26  2
fuse-root-alternate   --fuse,@,--options,dev,--alternate    31-36  2
fuse-root-redirect    --fuse,@,--options,dev,--alternate,--numbers,--empty-upper,--both,redirect_dir=on                    61-62  1
fuse-root-metacopy    --fuse,@,--options,dev,--alternate,--numbers,--empty-upper,--both,redirect_dir=on+metacopy=on        63-64  0
fuse-root-index       --fuse,@,--options,dev,--alternate,--numbers,--empty-upper,--both,index=on                           65-66  1
fuse-root-all         --fuse,@,--options,dev,--alternate,--numbers,--empty-upper,--both,redirect_dir=on+metacopy=on+index=on 67-68 0
fuse-root-passthrough --fuse,@,--options,dev+passthrough=auto,--alternate                          75-76  1
fuse-root-export      --fuse,@,--options,dev,--alternate,--empty-upper,--both,redirect_dir=on+nfs_export=on      69-70  0
fuse-user-alternate   --fuse,@,--user,--alternate,--options,redirect_dir=off                       71-72  1
fuse-user-all         --fuse,@,--user,--options,metacopy=on+index=on                               73-74  1
fuse-user             --fuse,@,--user                       41-50  4
'

# In namespaces of its own from here on, which take every mount and every process with them.
if [ "${1-}" != --inside ]; then
	[ "$(id -u)" -eq 0 ] || skip_all 'only root can make the layers and the namespaces'
	unshare --mount --pid --fork true || skip_all 'no mount and pid namespaces here'
	top=$(mktemp -d "${FUSE_OVERLAY_SCRATCH:-${TMPDIR:-/var/tmp}}/fuse-overlay-$suite.XXXXXX") || exit 1
	chmod 0755 "$top"
	status=0
	inside "$here/run.sh" --inside "$top" "$@" &
	inside=$!
	# unshare(1) waits with signals blocked; with it ends all that is inside.
	trap 'kill -KILL "$inside"' TERM INT HUP
	wait "$inside" || status=$?
	trap '' TERM INT HUP
	rm -rf --one-file-system "$top/scratch" "$top/scratch.img" "$top/work"
	if [ -z "$(ls -A "$top/failed" 2>/dev/null)" ]; then
		rm -rf --one-file-system "$top"
	else
		echo "the cases that failed are in $top/failed"
	fi
	exit "$status"
fi

top=$2
shift 2
scratch=$top/scratch
failed_cases=$top/failed
passed=0 failed=0 skipped=0
trap 'exit 130' TERM INT HUP
# shellcheck source=tests/mainjob/ground
. "$here/../mainjob/ground"

get_randops() {
	local built=$here/../../build/tests/random/randops
	randops=$top/work/randops
	if [ -n "${RANDOPS:-}" ] || [ -x "$built" ]; then
		cp "${RANDOPS:-$built}" "$randops"
	else
		"${CC:-cc}" -std=gnu11 -O2 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -o "$randops" "$here"/*.c
	fi
}

# Sets command to what runs randops for a contender; complains and fails where that is not possible.
make_command() {
	local name=$1 options=$2 option
	command=()
	case $name in
	kernel-*) [ -n "$kernel_here" ] || { reason='the kernel has no overlayfs here' && return 1; } ;;
	*)
		[ -x "$FUSE_OVERLAY" ] || { reason="$FUSE_OVERLAY is not built" && return 1; }
		[ -e /dev/fuse ] || { reason='/dev/fuse is missing' && return 1; }
		;;
	esac
	case $name in
	*-user*)
		[ -n "$tester_here" ] || { reason="no user namespace: $tester_why" && return 1; }
		command+=("$here/../mainjob/in-userns" "$tester")
		;;
	esac
	command+=("$randops" --dir "$scratch/$name")
	if [ ! -d "$scratch/$name" ]; then
		mkdir "$scratch/$name" && { [[ $name != *-user* ]] || chown "$tester:" "$scratch/$name"; }
	fi
	[ "$options" != - ] || return 0
	for option in ${options//,/ }; do
		[ "$option" != @ ] || option=$top/work/fuse-overlay
		command+=("${option//+/,}")
	done
}

options_of() {
	awk -v name="$1" '$1 == name { print $2 }' <<<"$contenders"
}

# One seed or case, for one contender: what must be said when it fails, and nothing else.
run_one() {
	local name=$1 what=$2 label=$3 log=$scratch/$1.case
	shift 3
	if "${command[@]}" --log "$log" "$@" "$what" >"$top/work/said" 2>&1; then
		passed=$((passed + 1))
		return 0
	fi
	failed=$((failed + 1))
	echo "FAIL $suite/$name/$label"
	sed 's/^/    /' "$top/work/said" | cut -c 1-400
	cp "$log" "$failed_cases/$name-$label" 2>/dev/null &&
		echo "    replay: $here/run.sh --replay $name $failed_cases/$name-$label"
}

# A case may say in a comment for which contenders it is, and with which options.
run_cases() {
	local name=$1 file for_whom more
	for file in "$here"/seeds/*.case; do
		[ -e "$file" ] || continue
		for_whom=$(sed -n 's/^# for: //p' "$file")
		[[ " ${for_whom:-fuse-root fuse-user} " = *" $name "* ]] || continue
		read -r -a more <<<"$(sed -n 's/^# options: //p' "$file")"
		cp "$file" "$scratch/now.case"
		run_one "$name" "$scratch/now.case" "$(basename "$file" .case)" "${more[@]}"
	done
}

run_seeds() {
	local name=$1 fixed=$2 n_new=$3 seed new=''
	for seed in $(seq "${fixed%-*}" "${fixed#*-}"); do
		run_one "$name" "$seed" "$seed"
	done
	while [ "$n_new" -gt 0 ]; do
		seed=$(($(date +%s%N) % 1000000000000))
		[ "$n_new" -gt 10 ] || new+=" $seed"
		run_one "$name" "$seed" "$seed"
		n_new=$((n_new - 1))
	done
	[ -z "$new" ] || echo "$name: new seeds:$new"
}

run_all() {
	local long=$1 name options fixed n_new from before
	while read -r name options fixed n_new; do
		[ -n "$name" ] || continue
		if ! make_command "$name" "$options"; then
			skipped=$((skipped + 1))
			echo "SKIP $suite/$name: $reason"
			continue
		fi
		[ -z "$long" ] || [ "$n_new" -eq 0 ] || n_new=$long
		from=$SECONDS before=$((passed + failed))
		run_cases "$name"
		run_seeds "$name" "$fixed" "$n_new"
		echo "$name: $((passed + failed - before)) cases in $((SECONDS - from)) s"
	done <<<"$contenders"
	echo "$suite: $passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
}

mkdir -p "$top/work" "$failed_cases"
make_scratch "$scratch" || skip_all 'no place for the layers'
get_randops || skip_all 'randops is not built, and there is no C compiler'
# Where an ordinary user can reach it, whatever the checkout's permissions are.
[ ! -x "$FUSE_OVERLAY" ] || install -m 0755 "$FUSE_OVERLAY" "$top/work/fuse-overlay"
kernel_here='' tester_here=''
! kernel_works_on "$scratch" || kernel_here=yes
if tester_why=$({ make_tester "$top/work" && open_dev_fuse "$top/work/node"; } 2>&1); then
	tester=ovl-ns-tester
	tester_why=$("$here/../mainjob/in-userns" "$tester" true 2>&1) && tester_here=yes
fi
chmod 0777 "$scratch"

case ${1-} in
--replay | --minimise)
	mode=$1 name=$2
	shift 2
	make_command "$name" "$(options_of "$name")" || skip_all "$name: $reason"
	if [ "$mode" = --replay ]; then
		"${command[@]}" "$@"
	else
		cp "$1" "$scratch/in.case"
		cp "$here/minimise" "$scratch/minimise"
		"$scratch/minimise" "$scratch/in.case" "$2" "${command[@]}"
	fi
	;;
--long) run_all "${2:-1000}" ;;
'') run_all '' ;;
*)
	echo "run.sh: what is $1?" >&2
	exit 2
	;;
esac
