# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The words that the cases are written in. one.sh reads this file, then the case; tests/README.md
# shows how to write one.
#
# Variables of a case:
#   T       its own empty directory, the current one
#   L       the lower layer (the topmost, where there are several: L1 is the same, L2 below it, ...)
#   U W M   the upper layer, the work directory, the mount point
#   FS      fuse or kernel: whose overlay this is
#   AS      root, user (root of a user namespace) or plain (an ordinary user, by fusermount3)
#   X       the prefix of the overlay's own xattrs here: trusted.overlay or user.overlay
#
# A command that fails ends the case. Use `fails CMD...` or `fails_with ERRNO CMD...` for what must.

# shellcheck source=tests/integration/version.sh
. "${BASH_SOURCE[0]%/*}/version.sh"
set -eEu -o pipefail
export LC_ALL=C
umask 022
exec 9>&1           # the report, also from where stdout is somebody's input

# Where the case failed: its own line, not that of the word in here that found it.
case_place() {
	local i
	for ((i = 1; i < ${#BASH_SOURCE[@]}; i++)); do
		if [[ ${BASH_SOURCE[i]} == */cases/* ]]; then
			echo "${BASH_SOURCE[i]##*/}:${BASH_LINENO[i - 1]}"
			return
		fi
	done
	echo "${CASE_NAME:-case}"
}

fail() {
	trap - ERR
	echo "FAIL $(case_place): $*" >&9
	exit 1
}

# shellcheck disable=SC2154
trap 'failed=$?; trap - ERR; [ $failed -eq 77 ] && exit 77; echo "FAIL $(case_place): $BASH_COMMAND (exit status $failed)" >&9; exit 1' ERR

# This case does not apply here, for a reason that is not a fault of either overlay.
skip() {
	echo "SKIP $*" >&9
	exit 77
}

# --- layers -----------------------------------------------------------------------------------

L=$T/lower
# shellcheck disable=SC2034  # the cases use it
L1=$L
U=$T/upper
W=$T/work
M=$T/mnt
LOWERS=("$L")
DATA=()             # data-only layers
HAS_UPPER=yes
MOUNT_OPTIONS=()
FUSE_OPTIONS=(${MORE_OPTIONS:+"$MORE_OPTIONS"})
KERNEL_OPTIONS=()
WITHOUT=()
MOUNTED=
DAEMONS=
CHECK_LOWER=yes CHECK_WORK=yes CHECK_REMOUNT=yes CHECK_CROSS=yes CHECK_INO=yes
LOWER_HASH=
MAPPED=             # where kernel overlayfs finds the layers, idmapped; empty: in T
FINISH=()           # what to do when the case is over, however it ends
mkdir "$L" "$U" "$W" "$M"

# layers N: lower layers L1 (the top) to LN.
layers() {
	local i
	LOWERS=("$L")
	for ((i = 2; i <= $1; i++)); do
		mkdir "$T/lower$i"
		printf -v "L$i" '%s' "$T/lower$i"
		LOWERS+=("$T/lower$i")
	done
}

# data_layers N: data-only layers D1 to DN below the lower ones (lowerdir=A::D1::D2).
data_layers() {
	local i
	for ((i = 1; i <= $1; i++)); do
		mkdir "$T/data$i"
		printf -v "D$i" '%s' "$T/data$i"
		DATA+=("$T/data$i")
	done
}

no_upper() { HAS_UPPER=; CHECK_WORK=; }

# without LACK[,LACK...]: our daemon finds no such feature in its upper (tests/tools/without.py says which
# there are).
without() {
	"$PYTHON" -B -S "$TOOLS/without.py" "$1" /bin/true || skip "system calls cannot be refused here"
	WITHOUT=("$PYTHON" -B -S "$TOOLS/without.py" "$1")
}

# Options for one of the two only, e.g. kernel_options index=on
kernel_options() { KERNEL_OPTIONS+=("$@"); }
fuse_options() { FUSE_OPTIONS+=("$@"); }

# The kernel's features that have to be asked for. Our daemon offers them to everybody; the kernel
# mounts none of them in a user namespace, so there it can neither be the judge nor the reader.
redirects_on() {
	kernel_options redirect_dir=on
	fuse_options redirect_dir=on
	[ "$AS" = root ] || without_check cross
}

metacopy_on() {
	kernel_options metacopy=on
	fuse_options metacopy=on
	[ "$AS" = root ] || without_check cross
}

index_on() {
	kernel_options index=on
	fuse_options index=on
	[ "$AS" = root ] || without_check cross
}

# map_ids STORED:SHOWN:COUNT...: of users and of groups, ids in the layers are shown as others. Our
# daemon has options for it; under the kernel's overlay lies an idmapped mount of all layers.
map_ids() {
	fuse_options "uidmapping=$(join : "$@")" "gidmapping=$(join : "$@")"
	if [ "$AS" != root ]; then
		[ "$FS" = fuse ] || skip "only root can idmap the layers for the kernel"
		without_check cross
		return
	fi
	mkdir "$T.mapped"
	"$PYTHON" -B -S "$TOOLS/idmap_mount.py" "$T" "$T.mapped" "$@" 2>/dev/null ||
		skip "this file system cannot be idmapped"
	finally umount "$T.mapped"
	MAPPED=$T.mapped
}

# What the end of every case would check, and this one cannot:
#   lower    no lower layer has changed
#   work     the work directory holds no leftovers
#   remount  unmounted and mounted again, the tree is the same
#   ino      ... with the same inode numbers (our daemon)
#   cross    kernel overlayfs, mounted on the layers that our daemon left, shows the same tree
without_check() {
	local name
	for name; do
		case $name in
		lower) CHECK_LOWER= ;;
		work) CHECK_WORK= ;;
		remount) CHECK_REMOUNT= ;;
		ino) CHECK_INO= ;;
		cross) CHECK_CROSS= ;;
		*) fail "no such check: $name" ;;
		esac
	done
}

# Run these words when the case is over, last one first.
finally() { FINISH=("$*" "${FINISH[@]}"); }

# put PATH [TEXT]: a file with this line, and the directories above it.
put() {
	[ -d "${1%/*}" ] || mkdir -p "${1%/*}"
	printf '%s\n' "${2-content of ${1##*/}}" >"$1"
}

# whiteout PATH...: as the kernel writes it. opaque DIR...: likewise.
whiteout() {
	local path
	for path; do
		[ -d "${path%/*}" ] || mkdir -p "${path%/*}"
		mknod "$path" c 0 0
	done
}

# metacopy PATH SIZE [REDIRECT]: a file of that size whose data are elsewhere.
metacopy() {
	mkdir -p "${1%/*}"
	truncate -s "$2" "$1"
	setfattr -n "$X.metacopy" "$1"
	[ $# -lt 3 ] || setfattr -n "$X.redirect" -v "$3" "$1"
}

opaque() {
	local path
	for path; do
		mkdir -p "$path"
		setfattr -n "$X.opaque" -v y "$path"
	done
}

# --- mounting ---------------------------------------------------------------------------------

# A fork takes milliseconds on some machines, and there are 2,000 runs: what every case does, the words below do
# without a process where bash can.

join() {
	local IFS=$1
	shift
	echo "$*"
}

# The daemons of this process namespace, by their ids, in FOUND. daemons: as text.
find_daemons() {
	local dir name
	FOUND=()
	for dir in /proc/[0-9]*; do
		if ! { read -r name <"$dir/comm"; } 2>/dev/null; then
			continue
		fi
		if [ "$name" = "$DAEMON_NAME" ] && [ "$dir/ns/pid" -ef /proc/self/ns/pid ] && alive "${dir##*/}"; then
			FOUND+=("${dir##*/}")
		fi
	done
}

daemons() {
	find_daemons
	[ ${#FOUND[@]} -eq 0 ] || printf '%s\n' "${FOUND[@]}"
}

mount_kernel() {
	local IFS=, options=("lowerdir=$1" "${KERNEL_OPTIONS[@]}" "${@:2}")
	[ -z "$MAPPED" ] || cd "$MAPPED"
	[ "$AS" = user ] && options+=(userxattr)
	mount -t overlay overlay -o "${options[*]}" "$M"
}

mount_fuse() {
	local IFS=, options=("lowerdir=$1" "${FUSE_OPTIONS[@]}" "${@:2}")
	# Whoever else the case lets try is to be judged by the modes of the files.
	[ "$AS" = plain ] || options+=(allow_other)
	"${WITHOUT[@]}" "$FUSE_OVERLAY" -o "${options[*]}" "$M"
}

# overlay_mount [-o OPTIONS]...: mount the layers at M. Fails with the message of whoever mounts.
overlay_mount() {
	local lowers options=() before id
	while [ $# -gt 0 ]; do
		[ "$1" = -o ] || fail "overlay_mount: what is $1?"
		options+=("$2")
		shift 2
	done
	MOUNT_OPTIONS=("${options[@]}")
	[ -n "$MOUNTED" ] && fail "it is mounted already"
	if [ -n "$CHECK_LOWER" ] && [ -z "$LOWER_HASH" ]; then
		LOWER_HASH=$(lower_hash)
	fi
	# Many layers fit into a page only by their short names.
	printf -v lowers ':%s' "${LOWERS[@]#"$T"/}"
	lowers=${lowers#:}
	[ ${#DATA[@]} -eq 0 ] || lowers+=$(printf '::%s' "${DATA[@]#"$T"/}")
	if [ -n "$HAS_UPPER" ]; then
		options+=("upperdir=${U#"$T"/}" "workdir=${W#"$T"/}")
	fi
	find_daemons
	before=" ${FOUND[*]} "
	(cd "$T" && "mount_$FS" "$lowers" "${options[@]}") || return
	MOUNTED=yes
	DAEMONS=
	if [ "$FS" = fuse ]; then
		find_daemons
		for id in "${FOUND[@]}"; do
			[[ $before == *" $id "* ]] || DAEMONS+="$id "
		done
		[ -n "$DAEMONS" ] || fail "the daemon has ended after mounting"
	fi
}

umount_m() {
	if [ "$AS" = plain ]; then
		fusermount3 -u "$M"
	else
		umount "$M"
	fi
}

# Often asked: without a program of its own.
alive() {
	local line
	{ read -r line <"/proc/$1/stat"; } 2>/dev/null && [[ ${line##*) } != Z* ]]
}

# wait_gone ID [SECONDS]: that process ends, within 10 seconds if nothing is said.
wait_gone() {
	local i seconds=$((${2:-10} * TIME_FACTOR))
	for ((i = 0; i < seconds * 100; i++)); do
		alive "$1" || return 0
		sleep 0.01
	done
	fail "after $seconds seconds the daemon still runs"
}

# end_by SIGNAL [SECONDS]: the daemon is told to end, unmounts, and does.
end_by() {
	kill "-$1" "${DAEMONS% }"
	wait_gone "${DAEMONS% }" "${2-}"
	! mountpoint -q "$M" || fail "it is still mounted after SIG$1"
	MOUNTED=
}

overlay_umount() {
	local id
	[ -n "$MOUNTED" ] || fail "nothing is mounted"
	umount_m
	MOUNTED=
	# Not before the daemon is gone may the layers be mounted again.
	for id in $DAEMONS; do
		wait_gone "$id"
	done
}

# The same layers again: what was only remembered is gone, what is on the disk counts.
overlay_remount() {
	local options=() option
	overlay_umount
	for option in "${MOUNT_OPTIONS[@]}"; do
		options+=(-o "$option")
	done
	overlay_mount "${options[@]}"
}

# The lower layers were changed on purpose while nothing was mounted.
lower_changed() { LOWER_HASH=; }

treedump() { "$TREEDUMP" "$@"; }

lower_hash() { treedump --private --hash "${LOWERS[@]}" "${DATA[@]}"; }

# Let go of what the kernel remembers of names and inodes, where that is allowed.
drop_caches() { { echo "${1-2}" >/proc/sys/vm/drop_caches; } 2>/dev/null || true; }

# --- asserting --------------------------------------------------------------------------------

# same EXPECTED ACTUAL [WHAT]
same() {
	if [ "$1" != "$2" ]; then
		if [[ $1 == *$'\n'* || $2 == *$'\n'* ]]; then
			diff -u <(printf '%s\n' "$1") <(printf '%s\n' "$2") | head -n 40 || true
			fail "${3-value}: differs from what it should be"
		fi
		fail "${3-value}: is '$2', should be '$1'"
	fi
}

differ() { [ "$1" != "$2" ] || fail "${3-value}: both are '$1'"; }

there() { [ -e "$1" ] || [ -L "$1" ]; }

listed() {
	local dir=. name names
	[[ $1 == */* ]] && dir=${1%/*}
	shopt -s dotglob nullglob
	names=("$dir"/*)
	shopt -u dotglob nullglob
	for name in "${names[@]}"; do
		[ "${name##*/}" != "${1##*/}" ] || return 0
	done
	return 1
}

# By lookup and by listing, both.
exists() {
	local path
	for path; do
		there "$path" || fail "$path: is not there"
		listed "$path" || fail "$path: is there, but not listed"
	done
}

absent() {
	local path
	for path; do
		! there "$path" || fail "$path: is there, should not be"
		[ ! -d "${path%/*}" ] || ! listed "$path" || fail "$path: is not there, but listed"
	done
}

# has FILE TEXT: the whole content, without the last newline.
has() {
	local text
	text=$(cat "$1")
	same "$2" "$text" "content of $1"
}

# lists DIR NAME...: exactly these, in any order.
lists() {
	local dir=$1 want
	shift
	if [ $# -gt 0 ]; then want=$(printf '%s\n' "$@" | sort); else want=; fi
	same "$want" "$(find "$dir" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort)" "names in $dir"
}

type_is() { same "$2" "$(find "$1" -maxdepth 0 -printf '%y')" "type of $1"; }
mode_is() {
	local want is
	printf -v want '%04o' "0$2"
	is=$(stat -c %a "$1")
	printf -v is '%04o' "0$is"
	same "$want" "$is" "mode of $1"
}
owner_is() { same "$2" "$(stat -c %u:%g "$1")" "owner of $1"; }
nlink_is() { same "$2" "$(stat -c %h "$1")" "link count of $1"; }
size_is() { same "$2" "$(stat -c %s "$1")" "size of $1"; }
mtime_is() { same "$2" "$(stat -c %.9Y "$1")" "mtime of $1"; }
target_is() { same "$2" "$(readlink "$1")" "target of $1"; }
rdev_is() { same "$2" "$(stat -c '%Hr:%Lr' "$1")" "device of $1"; }
ino() { stat -c %i "$1"; }

is_whiteout() {
	local path
	for path; do
		same 'character special file 0:0' "$(stat -c '%F %t:%T' "$path" 2>&1)" "whiteout $path"
	done
}

# xattr_is PATH NAME VALUE; no_xattr PATH NAME
xattr() { getfattr -h --absolute-names --only-values -n "$2" "$1" 2>&1; }
xattr_is() { same "$3" "$(xattr "$1" "$2")" "xattr $2 of $1"; }
xattr_names() { getfattr -h --absolute-names -m - "$1" | sed '1d;/^$/d' | sort; }
no_xattr() { ! getfattr -h --absolute-names -n "$2" "$1" >/dev/null 2>&1 || fail "$1: has $2"; }
is_opaque() { xattr_is "$1" "$X.opaque" y; }
not_opaque() { no_xattr "$1" "$X.opaque"; }

# Whether the upper layer has an entry of this name, whatever it is.
in_upper() {
	local path
	for path; do there "$U/$path" || fail "$path: is not in the upper layer"; done
}
not_in_upper() {
	local path
	for path; do ! there "$U/$path" || fail "$path: is in the upper layer"; done
}

declare -rA ERRNO=(
	[EPERM]='Operation not permitted' [ENOENT]='No such file or directory'
	[EACCES]='Permission denied' [EEXIST]='File exists' [EXDEV]='Invalid cross-device link'
	[ENOTDIR]='Not a directory' [EISDIR]='Is a directory' [EINVAL]='Invalid argument'
	[ENOTEMPTY]='Directory not empty' [EROFS]='Read-only file system' [ELOOP]='Too many levels of symbolic links'
	[ENAMETOOLONG]='File name too long' [EMLINK]='Too many links' [ENOSPC]='No space left on device'
	[EFBIG]='File too large' [ENXIO]='No such device or address' [EBUSY]='Device or resource busy'
	[ETXTBSY]='Text file busy' [ENODATA]='No data available' [EOPNOTSUPP]='Operation not supported'
	[ENOTTY]='Inappropriate ioctl for device' [ERANGE]='Numerical result out of range'
	[EBADF]='Bad file descriptor' [ESTALE]='Stale file handle' [EIO]='Input/output error'
	[EOVERFLOW]='Value too large for defined data type' [ENOTCONN]='Transport endpoint is not connected'
	[EDQUOT]='Disk quota exceeded'
)

# fails_with ERRNO[|ERRNO] CMD...: it fails and says so. Where the words of a command are not exact
# enough, use `sys`, which makes one system call.
fails_with() {
	local text status=0 name
	text=$("${@:2}" 2>&1) || status=$?
	[ $status -ne 0 ] || fail "${*:2}: succeeded, should fail with $1"
	for name in ${1//|/ }; do
		[[ $text != *"${ERRNO[$name]}"* ]] || return 0
	done
	fail "${*:2}: should fail with $1, but said: $text"
}

fails() {
	if "$@" >/dev/null 2>&1; then fail "$*: succeeded, should fail"; fi
}

# --- a small file system that is full -----------------------------------------------------------

# shared NAME: the lines that several cases have in common, shared/NAME.sh.
# shellcheck disable=SC1090  # each of them is checked by itself
shared() { . "${BASH_SOURCE[0]%/*}/shared/$1.sh"; }

# small_upper tmpfs|ext4|quota: the upper and the work directory on a file system of 2 MB and 400 inodes, or
# on one where they may have only so much (Btrfs, whose quotas hold for root as well, and are in every kernel
# that has it).
small_upper() {
	local small=$T/small
	[ "$AS" = plain ] && skip "cannot mount a file system"
	mkdir "$small"
	case $1 in
	tmpfs) mount -t tmpfs -o size=2m,nr_inodes=400 none "$small" ;;
	ext4)
		[ "$AS" = root ] || skip "cannot mount an ext4"
		truncate -s 2M "$T/image"
		mkfs.ext4 -q -b 1024 -m 0 -N 400 -O ^has_journal "$T/image"
		mount -o loop "$T/image" "$small" || skip "no loop device here"
		;;
	quota)
		[ "$AS" = root ] || skip "cannot mount a btrfs"
		need_program mkfs.btrfs
		truncate -s 256M "$T/image"
		mkfs.btrfs -q -n 4096 "$T/image" 2>/dev/null
		mkdir "$T/btrfs"
		mount -o loop "$T/image" "$T/btrfs" 2>/dev/null || skip "no btrfs or no loop device here"
		finally umount -l "$T/btrfs"
		btrfs quota enable "$T/btrfs" || skip "btrfs without quotas"
		btrfs -q subvolume create "$T/btrfs/limited" # of the quota group 0/256
		mount --bind "$T/btrfs/limited" "$small"
		FULL=EDQUOT MAY_FAIL_WITH=EDQUOT
		;;
	esac
	finally umount -l "$small"
	U=$small/upper
	W=$small/work
	mkdir "$U" "$W" "$small/ballast"
	: >"$small/fill"
}

# A quota is not given back, it is raised: what is freed counts only after a commit.
QUOTA=0
raise_quota() {
	QUOTA=$((QUOTA + $1))
	btrfs qgroup limit $QUOTA 0/256 "$T/btrfs"
}

# Nothing is left of blocks or inodes. give_back: one is.
exhaust() {
	local small=$T/small i=0
	[ $FULL = ENOSPC ] || raise_quota 400000
	case $1-$FULL in
	blocks-* | *-EDQUOT)
		rm -f "$small"/ballast/*
		while dd if=/dev/zero of="$small/fill" bs=1k oflag=append conv=notrunc; do :; done 2>/dev/null
		;;
	inodes-*)
		: >"$small/fill"
		while { : >"$small/ballast/$i"; } 2>/dev/null || [ $i -lt 400 ]; do i=$((i + 1)); done
		;;
	esac
}

give_back() {
	local small=$T/small name
	if [ $FULL = EDQUOT ]; then
		raise_quota 16384
		[ $QUOTA -lt 40000000 ]
		return
	fi
	case $1 in
	blocks)
		[ -s "$small/fill" ] || return
		truncate -s "-$(stat -f -c %S "$small")" "$small/fill"
		;;
	inodes)
		name=$(find "$small/ballast" -type f -print -quit)
		[ -n "$name" ] && rm "$name"
		;;
	esac
}

# until_it_fits blocks|inodes CMD...: the command on a full file system, which gets one block or inode
# more each time, until it succeeds. As long as it does not, it fails with ENOSPC (EDQUOT) and nothing has
# happened: the tree is the same, the work directory clean. (EXDEV is right as well for a directory
# whose redirect finds no room, in the kernel and here: MAY_FAIL_WITH.)
FULL=ENOSPC
MAY_FAIL_WITH=ENOSPC
until_it_fits() {
	local resource=$1 before after steps=0 status
	shift
	exhaust "$resource"
	before=$(treedump --hash --no-nlink "$M")
	while :; do
		status=0
		after=$("$@" 2>&1) || status=$?
		[ $status -ne 0 ] || break
		[[ $after == *"${ERRNO[$FULL]}" || $after == *"${ERRNO[$MAY_FAIL_WITH]}" ]] ||
			fail "step $steps: should fail with $MAY_FAIL_WITH, but said: $after"
		after=$(treedump --hash --no-nlink "$M")
		same "$before" "$after" "the tree, when $* failed (step $steps, $resource)"
		check_work
		give_back "$resource" || fail "$*: it does not fit into an empty file system"
		steps=$((steps + 1))
	done
	: >"$T/small/fill"
	rm -f "$T"/small/ballast/*
	echo "$resource: ${*//"$M"/} succeeded after $steps failures"
}

# --- tools ------------------------------------------------------------------------------------

# sys CALL ARGUMENT...: one system call (tests/tools/sys.py).
sys() { "$PYTHON" -B -S "$TOOLS/sys.py" "$@"; }

# py [ARGUMENT]... <<'EOF': Python with tests/tools/ovltest.py read in.
py() {
	local status=0
	{
		echo 'from ovltest import *'
		cat
	} | T=$T L=$L U=$U W=$W M=$M X=$X FS=$FS AS=$AS PYTHONPATH=$TOOLS "$PYTHON" -B -S - "$@" \
		2>"$T.stderr" || status=$?
	[ $status -ne 77 ] || exit 77
	if [ $status -ne 0 ]; then
		cat "$T.stderr"
		fail "$(tail -n 1 "$T.stderr") [$(grep -o '<stdin>", line [0-9]*' "$T.stderr" | head -n 1 | tr -d '">,')]"
	fi
}

# as_id UID[:GID] CMD...: as somebody without any privilege. 1000 and 1001 can be used.
as_id() {
	local id=$1
	shift
	setpriv --reuid "${id%:*}" --regid "${id#*:}" --clear-groups --inh-caps=-all "$@"
}

need_program() { command -v "$1" >/dev/null || skip "there is no program $1"; }

# --- the end ----------------------------------------------------------------------------------

# same_files FILE FILE: the same text (diff only tells where not).
same_files() {
	local one='' other=''
	[ -r "$1" ] && [ -r "$2" ] || return 1
	IFS= read -r -d '' one <"$1" || true
	IFS= read -r -d '' other <"$2" || true
	[ "$one" = "$other" ] || diff -u "$1" "$2"
}

# What the end of a case compares. Inode numbers: of our daemon, the kernel's may change.
dump_mount() {
	local options=(--no-nlink)
	[ "$FS" != fuse ] || [ -z "$CHECK_INO" ] || options+=(--ino)
	treedump "${options[@]}" "$M" >"$1"
	if [ "$AS" != root ] && [ "$FS" = fuse ]; then
		# Only files and directories can carry a user.* xattr that says where they came from.
		sed -i '/ type=[^fd]/s/ ino=[0-9]*//' "$1"
	fi
}

check_end() {
	local live=$T.live again=$T.again
	if [ -n "$MOUNTED" ]; then
		[ -d "$M" ] || fail "at the end the mount does not answer"
		if [ -n "$CHECK_REMOUNT$CHECK_CROSS" ]; then
			dump_mount "$live"
		fi
		overlay_umount
		if [ -n "$CHECK_WORK" ] && [ "$AS" != plain ]; then check_work; fi
		if [ -n "$CHECK_REMOUNT" ]; then
			overlay_mount_again
			dump_mount "$again"
			same_files "$live" "$again" || fail "at the end: unmounted and mounted again, the tree differs"
			overlay_umount
		fi
		if [ "$FS" = fuse ] && [ "$AS" != plain ] && [ -n "$CHECK_CROSS" ] && [ -n "$CROSS" ] &&
			[ -n "$HAS_UPPER${LOWERS[1]-}" ]; then
			sed -i 's/ ino=[0-9]*//' "$live"
			FS=kernel overlay_mount
			FS=kernel dump_mount "$again"
			same_files "$live" "$again" ||
				fail "at the end: kernel overlayfs on the layers (+) shows another tree"
			FS=kernel overlay_umount
		fi
	fi
	if [ -n "$CHECK_LOWER" ] && [ -n "$LOWER_HASH" ]; then
		same "$LOWER_HASH" "$(lower_hash)" "hash of the lower layers at the end"
	fi
}

overlay_mount_again() {
	local options=() option
	for option in "${MOUNT_OPTIONS[@]}"; do
		options+=(-o "$option")
	done
	overlay_mount "${options[@]}"
}

check_work() {
	local left
	left=$(find "$W" -mindepth 1 ! -path "$W/work" ! -path "$W/index" ! -path "$W/index/*")
	# Both keep one whiteout there to make others of it by link(2).
	if [[ $left == "$W/work/"[#w]* && -c $left ]]; then left=; fi
	[ -z "$left" ] || fail "at the end the work directory holds: $left"
}

at_exit() {
	local status=$? words
	trap - EXIT ERR
	set +eE
	for words in "${FINISH[@]}"; do
		eval "$words"
	done
	if [ -n "$MOUNTED" ]; then
		umount_m 2>/dev/null || umount -l "$M" 2>/dev/null
	fi
	exit $status
}
trap at_exit EXIT
