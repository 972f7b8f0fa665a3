#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Run one case with one contender, and leave one line about it in $RUN/results; started by run.sh,
# which sets the variables. Three lives of this file: `one.sh CONTENDER CASE` prepares and judges,
# `one.sh --enter` stands in the namespaces, still as root, `one.sh --case` is the case.
set -eu -o pipefail

case ${1-} in
--enter)
	# Only here are there no processes but the case's own.
	mount -t proc proc /proc
	exec setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --clear-groups bash "$0" --case
	;;
--case)
	# A container may refuse another /proc; then the one that is there serves as well.
	[ "$AS" = plain ] || mount -t proc proc /proc 2>/dev/null || true
	cd "$T"
	# shellcheck source=/dev/null
	. "$KIT/integration/lib.sh"
	# shellcheck source=/dev/null
	. "$CASE_FILE"
	check_end
	exit 0
	;;
esac

# shellcheck source=tests/integration/version.sh
. "$KIT/integration/version.sh"
contender=$1
CASE_NAME=$2
FS=${contender%-*}
AS=${contender#*-}
CASE_FILE=$KIT/integration/cases/$CASE_NAME.sh
own=$BACKING_DIR/$contender.$CASE_NAME
T=$own/t
log=$RUN/logs/$contender.$CASE_NAME
if [ "$AS" = root ]; then X=trusted.overlay; else X=user.overlay; fi
export CASE_NAME FS AS CASE_FILE T X

if [ "$AS" = root ]; then
	mkdir -p "$T"
else
	install -d -o "$USER_ID" -g "$GROUP_ID" "$own" "$T"
fi
export HOME=$own TMPDIR=$own
export ASAN_OPTIONS=log_path=$own/sanitizer:detect_leaks=${LEAKS-1}
export UBSAN_OPTIONS=log_path=$own/sanitizer:print_stacktrace=1 TSAN_OPTIONS=log_path=$own/sanitizer

limit=$CASE_TIMEOUT
while read -r line; do
	[[ ! $line =~ ^'# timeout: '([0-9]+)$ ]] || limit=${BASH_REMATCH[1]}
done <"$CASE_FILE"
limit=$((limit * TIME_FACTOR))
inside=(unshare --mount --propagation private --pid --fork --kill-child)
case $AS in
root) words=("${inside[@]}" bash "$0" --case) ;;
plain) words=("${inside[@]}" bash "$0" --enter) ;;
user)
	words=(setpriv --reuid "$USER_ID" --regid "$GROUP_ID" --clear-groups
		unshare --user --map-root-user --map-auto "${inside[@]:1}" bash "$0" --case)
	;;
esac

begin=$EPOCHREALTIME
status=0
# The death of the namespace's first process ends every process of the case and frees its mounts.
timeout --signal KILL "$limit" "${words[@]}" >"$log" 2>&1 </dev/null || status=$?
took=$(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))

for file in "$own"/sanitizer*; do
	[ -e "$file" ] || continue
	echo "the daemon's sanitizer reports:"
	head -n 60 "$file"
	status=1
done >>"$log"

result=FAIL reason=
case $status in
0) result=PASS ;;
77) result=SKIP reason=$(sed -n 's/^SKIP //p' "$log" | tail -n 1) ;;
137) reason="ended after $limit s" ;;
*) reason=$(grep -a '^FAIL ' "$log" | tail -n 1 | cut -c 6-300 || true) ;;
esac
if [ $status -eq 77 ] && [ -z "$reason" ]; then
	result=FAIL reason="skipped without a reason"
fi

# Does a line of `differences` for WHO, for WHO<VERSION (older kernels only), or for WHO!OPTION (not where run.sh was
# given that one by -o) concern us?
concerns() {
	if [[ $1 == *'!'* ]]; then
		[[ ",$MORE_OPTIONS," != *",${1#*!},"* ]] && concerns "${1%!*}"
		return
	fi
	# shellcheck disable=SC2053  # it is a pattern
	[[ $contender == ${1%<*} ]] || return
	[[ $1 != *'<'* ]] || ! kernel_at_least "${1#*<}"
}

# An intended difference must be there: one that has gone is news, too.
while read -r name who why; do
	[[ $name == '#'* || -z $name ]] && continue
	# shellcheck disable=SC2053  # it is a pattern
	if [[ $CASE_NAME == $name ]] && concerns "$who"; then
		case $result in
		FAIL) result=DIFFERS reason=$why ;;
		PASS) result=FAIL reason="passes, but is listed as a difference: $why" ;;
		esac
	fi
done <"$KIT/integration/differences"

printf '%s\t%s\t%s\t%s\t%s\n' "$result" "$contender" "$CASE_NAME" "$took" "$reason" \
	>"$RUN/results/$contender.$CASE_NAME"
case $result in
PASS) [ -n "${QUIET-}" ] || echo "ok    $contender $CASE_NAME ($took ms)" ;;
FAIL) echo "FAIL  $contender $CASE_NAME: $reason" ;;
SKIP) echo "skip  $contender $CASE_NAME: $reason" ;;
DIFFERS) echo "diff  $contender $CASE_NAME: $reason" ;;
esac

if [ -n "${KEEP-}" ]; then
	exit 0
fi
for _ in 1 2 3; do
	rm -rf "$own" 2>/dev/null && exit 0
	chattr -R -f -i -a "$own" 2>/dev/null || true
	sleep 0.2
done
echo "cannot remove $own" >&2
rm -rf "$own"
