#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The program as others call it: see README.md beside this file.
#
#     run.sh [-k PATTERN]... [PART]...
#
# PART: root user plain more systemd (default: all).
set -u

here=$(dirname "$(readlink -f "$0")")
suite=callers
user=fuse-overlay-test
# shellcheck source=tests/tools/suite.sh
. "$here/../tools/suite.sh"

# In namespaces of its own from here on: nothing stays, however the run ends.
if [ "${1-}" != --inside ]; then
	need_mounts
	for tool in python3 unshare setpriv newuidmap fusermount3 mount.fuse3; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed (tests/setup)"
	done
	top=$(mktemp -d "${FUSE_OVERLAY_SCRATCH:-${TMPDIR:-/var/tmp}}/fuse-overlay-$suite.XXXXXX") || exit 1
	chmod 0755 "$top"
	status=0
	trap 'kill -KILL "$child"' TERM INT HUP
	inside "$0" --inside "$top" "$@" &
	child=$!
	wait "$child" || status=$?
	wait "$child" 2>/dev/null # had a signal ended the first
	rm -rf --one-file-system "$top"
	exit "$status"
fi

shift
top=$1
shift
parts=() only=()
while [ $# -gt 0 ]; do
	case $1 in
	-k)
		only+=("$2")
		shift
		;;
	*) parts+=("$1") ;;
	esac
	shift
done
[ ${#parts[@]} -gt 0 ] || parts=(root user plain more systemd)
trap 'exit 130' TERM INT HUP

# shellcheck source=tests/mainjob/ground
. "$here/../mainjob/ground"
# A memory file system, where kernel overlayfs can have its upper too, and where files can have xattrs.
mkdir "$top/scratch"
mount -t tmpfs -o mode=0755 scratch "$top/scratch" || skip_all 'no place for layers'
scratch=$top/scratch
open_dev_fuse "$top/node" || skip_all 'no /dev/fuse that a user may open'

# mount(8) looks for programs in these directories only: the program in one, under both names. Its helpers
# have to be in /sbin, and lines in /etc/fstab: private ones.
mkdir "$scratch/bin" "$scratch/sbin-upper" "$scratch/sbin-work"
install -m 755 "$FUSE_OVERLAY" "$scratch/bin/fuse-overlay"
ln -s fuse-overlay "$scratch/bin/fuse-overlayfs"
mount --bind "$scratch/bin" /usr/local/sbin
mount -t overlay overlay -o "lowerdir=/usr/sbin,upperdir=$scratch/sbin-upper,workdir=$scratch/sbin-work" /usr/sbin ||
	mount -o remount,bind,ro /usr/sbin # cases that want a link there are skipped
: >"$scratch/fstab"
chmod 666 "$scratch/fstab"
mount --bind "$scratch/fstab" /etc/fstab
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent LC_ALL=C
uid=$(id -u "$user" 2>/dev/null) && gid=$(id -g "$user")
export CALLERS_USER=${uid-}

as_user=(setpriv --reuid "${uid:-0}" --regid "${gid:-0}" --clear-groups --inh-caps=-all)
run_part() {
	local words=()
	case $1 in
	root) ;;
	user) words=("${as_user[@]}" unshare --user --map-root-user --map-auto --mount --propagation private) ;;
	plain) words=("${as_user[@]}") ;;
	more)
		"$here/more" "$scratch/bin/fuse-overlay" "$scratch/more"
		return
		;;
	systemd)
		"$here/systemd" "$scratch"
		return
		;;
	esac
	mkdir "$scratch/$1"
	[ "$1" = root ] || chown "$uid:$gid" "$scratch/$1"
	"${words[@]}" /usr/bin/python3 -B "$here/run.py" "$1" "$scratch/bin/fuse-overlay" "$scratch/$1" ${only[@]+"${only[@]}"}
}

for part in "${parts[@]}"; do
	if [[ $part == user || $part == plain ]] && [ -z "$uid" ]; then
		echo "SKIP $suite/$part: no user $user (tests/setup)"
	else
		run_part "$part" </dev/null
	fi
done 2>&1 | tee "$top/log"
count() { grep -c "^$1 " "$top/log"; }
echo "$suite: $(count PASS) passed, $(count FAIL) failed, $(count SKIP) skipped"
! grep -q '^FAIL ' "$top/log"
