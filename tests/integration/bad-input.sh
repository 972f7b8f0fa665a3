#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Broken set-ups: each must end with its exit status and exactly one line on stderr that matches,
# with nothing mounted, no process, and no file left behind. Some odd but good ones must work.
#
#     [FUSE_OVERLAY=PROGRAM] tests/integration/bad-input.sh
#
# PROGRAM, left out, is the one in build/ of this repository.
# Runs as root, in a mount namespace of its own with a /dev/fuse for everybody; works in a temporary
# directory below ${TMPDIR:-/tmp}. User 65534 plays the ordinary user.
# Prints "ok N - name", "not ok N - name" (with the reason in lines that begin with "#"), or
# "ok N - name # SKIP reason"; the last line counts them: "bad-input: N passed, N failed,
# N skipped". Exit status 1 if any failed.
set -u
export LC_ALL=C
TIME_FACTOR=${TIME_FACTOR-1} # how many times longer than usual something may take

root=$(realpath "$(dirname "$0")/../..") || exit 1
FUSE_OVERLAY=$(realpath "${FUSE_OVERLAY:-$root/build/src/mount/fuse-overlay}") || exit 1
[ -x "$FUSE_OVERLAY" ] || { echo "bad-input.sh: $FUSE_OVERLAY: no such program: build it" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "bad-input.sh: needs root" >&2; exit 1; }
if [ -z "${BAD_INPUT_INSIDE-}" ]; then
	export BAD_INPUT_INSIDE=1
	exec unshare --mount --propagation private "$0" "$@"
fi

T=$(mktemp -d "${TMPDIR:-/tmp}/bad-input.XXXXXX") || exit 1
C=$T/case      # one case's directory
TMPFS=$T/tmpfs # another file system
DEV=$T/dev
n=0 passed=0 failed=0 skipped=0

# All processes that run the program with something of ours in their command line.
our_processes() {
	local pid
	for pid in $(pgrep -f -- "$T/"); do
		[ "$(readlink "/proc/$pid/exe")" = "$T/bin/fuse-overlay" ] && echo "$pid"
	done
}

our_mounts() {
	awk -v t="$C" 'index($5, t) == 1 { print $5 }' /proc/self/mountinfo
}

clean_case() {
	local m pid
	cd "$T" || exit 1
	our_mounts | sort -r | while read -r m; do
		umount -l "$(printf '%b' "$m")"
	done
	for pid in $(our_processes); do
		kill -9 "$pid"
	done
	chmod -R u+rwx "$C" 2>/dev/null
	rm -rf "$C"
}

at_exit() {
	clean_case
	umount -l "$TMPFS" /dev/fuse "$DEV" "$T/plain" 2>/dev/null
	rm -rf "$T"
}
trap at_exit EXIT
trap 'exit 1' INT TERM HUP

chmod 755 "$T"
mkdir "$T/bin" "$TMPFS" "$DEV" "$T/empty"
# Where user 65534 can run it, wherever it was built.
install -m 755 "$FUSE_OVERLAY" "$T/bin/fuse-overlay"
P=$T/bin/fuse-overlay
mount -t tmpfs -o mode=755 none "$DEV" && mknod -m 666 "$DEV/null" c 1 3 &&
	mknod -m 666 "$DEV/fuse" c 10 229 && mknod -m 600 "$DEV/fuse-600" c 10 229 &&
	mknod -m 666 "$DEV/fuse-odd" c 10 254 && mkdir "$DEV/none" && mknod -m 666 "$DEV/none/null" c 1 3 ||
	exit 1
[ -e /dev/fuse ] || { echo "bad-input.sh: there is no /dev/fuse" >&2; exit 1; }
mount --bind "$DEV/fuse" /dev/fuse || exit 1
mount -t tmpfs -o mode=777 none "$TMPFS" || exit 1

result() { # ok|not ok, name, reason
	n=$((n + 1))
	echo "$1 $n - $2"
	if [ "$1" = ok ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '%s\n' "$3" | sed 's/^/# /'
	fi
}

skip() { # name, reason
	n=$((n + 1)) skipped=$((skipped + 1))
	echo "ok $n - $1 # SKIP $2"
}

# A fresh directory with two lowers, an upper, a workdir and a mount point, all of user 65534.
fresh() {
	clean_case
	mkdir "$C" && cd "$C" || exit 1
	mkdir a b u w m
	echo a >a/file
	ln -s a link
	chown -R -h 65534:65534 "$C"
}

listing() {
	find "$C" -mount -printf '%p %y %m %s\n' 2>/dev/null | sort
}

# bad NAME REGEX COMMAND...: fails with status 1 and one line; nothing else happens.
bad() {
	local name=$1 regex=$2 before status lines why=''
	shift 2
	before=$(listing)
	timeout $((30 * TIME_FACTOR)) "$@" </dev/null >"$T/out" 2>"$T/err"
	status=$?
	lines=$(wc -l <"$T/err")
	[ $status = 1 ] || why="exit status $status, not 1"
	[ "$lines" = 1 ] || why="$why; $lines lines on stderr, not 1"
	grep -aqE -- "^fuse-overlay: .*($regex)" "$T/err" || why="$why; stderr does not match '$regex'"
	[ -s "$T/out" ] && why="$why; stdout: $(head -c 200 "$T/out")"
	[ "$(our_mounts)" = "${MOUNTS-}" ] || why="$why; mounted: $(our_mounts)"
	[ -z "${DAEMON-}" ] && [ -n "$(our_processes)" ] && why="$why; a process is left"
	[ "$(listing)" = "$before" ] || why="$why; left behind: $(diff <(echo "$before") <(listing) | tr '\n' ' ')"
	result "${why:+not }ok" "$name" "${why#; }: $(head -c 500 "$T/err")"
}

# good NAME REGEX COMMAND...: status 0, a mount at m, the one line of stderr that REGEX matches (none when
# empty); then it can be unmounted and the daemon ends.
good() {
	local name=$1 regex=$2 status why='' i
	shift 2
	timeout $((30 * TIME_FACTOR)) "$@" </dev/null >"$T/out" 2>"$T/err"
	status=$?
	[ $status = 0 ] || why="exit status $status, not 0"
	[ "$(wc -l <"$T/err")" = "$([ -z "$regex" ] && echo 0 || echo 1)" ] || why="$why; stderr"
	grep -aqE -- "$regex" "$T/err" || [ -z "$regex" ] || why="$why; stderr does not match '$regex'"
	[ "$(our_mounts)" = "$C/m" ] || why="$why; mounts: $(our_mounts)"
	ls -la m >/dev/null || why="$why; cannot be listed"
	umount m || why="$why; cannot be unmounted"
	for i in $(seq $((50 * TIME_FACTOR))); do
		[ -z "$(our_processes)" ] && break
		sleep 0.1
	done
	[ -z "$(our_processes)" ] || why="$why; the daemon did not end"
	result "${why:+not }ok" "$name" "${why#; }: $(head -c 500 "$T/err")"
}

# In front of a command: as user 65534; and, followed by a node, with that as /dev/fuse.
USER=(setpriv --reuid 65534 --regid 65534 --clear-groups)
WITH_DEV_FUSE=(unshare --mount --propagation private
	sh -c 'node=$1; shift; mount --bind "$node" /dev/fuse; exec "$@"' sh)

UPPER=lowerdir=a:b,upperdir=u,workdir=w

# A bad value needs no set-up: WORDS go after the layers.
bad_word() { # words, regex
	fresh
	bad "-o $1" "$2" "$P" -o "$UPPER,$1" m
}

# --- the command line
fresh
bad 'no arguments' 'no mount point' "$P"
fresh
bad 'no mount point' 'no mount point' "$P" -o "$UPPER"
fresh
bad 'no lowerdir' 'no lower directory.*lowerdir=' "$P" m
fresh
bad 'an empty lowerdir' 'no lower directory.*lowerdir=' "$P" -o lowerdir= m
fresh
bad '-o without words' '-o: needs an argument' "$P" m -o
fresh
bad 'an unknown switch' '-x: no such switch: see fuse-overlay --help' "$P" -x -o "$UPPER" m
fresh
bad 'three plain words' "too many words before the mount point 'm'" "$P" -o "$UPPER" x y m
fresh
bad 'an empty mount point' 'mount point is an empty word' "$P" -o "$UPPER" ''
bad_word remount 'remount: .*unmount it and mount it again'

# --- lower layers
fresh
bad 'a missing lower' 'lowerdir=x: no such directory: make it' "$P" -o lowerdir=x m
fresh
bad 'a missing lower among others' "lowerdir=$C/x: no such directory" "$P" -o "lowerdir=a:$C/x:b" m
fresh
bad 'a file as lower' 'lowerdir=a/file: not a directory' "$P" -o lowerdir=a/file m
fresh
bad 'a path through a file as lower' 'lowerdir=a/file/x: not a directory' "$P" -o lowerdir=a/file/x m
fresh
ln -s nowhere dangling
bad 'a dangling link as lower' 'lowerdir=dangling: no such directory' "$P" -o lowerdir=dangling m
fresh
ln -s loop loop
bad 'a link to itself as lower' 'lowerdir=loop: cannot be opened: Too many levels' "$P" -o lowerdir=loop m
fresh
bad 'a lower name of 256 bytes' 'lowerdir=x*: cannot be opened: File name too long' \
	"$P" -o "lowerdir=$(printf %0256d 0 | tr 0 x)" m
fresh
bad "a ':' in front" "lowerdir=:a: begins with ':'" "$P" -o lowerdir=:a m
fresh
bad "a ':' at the end" "lowerdir=a:b:: ends with ':'" "$P" -o lowerdir=a:b: m
fresh
bad "':::'" "more than two ':' in a row" "$P" -o lowerdir=a:::b m
fresh
bad "a single ':' after '::'" "a single ':' after '::'" "$P" -o lowerdir=a::b:u m
fresh
bad 'only data-only layers' 'only data-only layers' "$P" -o lowerdir=,datadir+=a m
fresh
bad 'one lower twice' 'lowerdir=\./a: the same directory as lowerdir=a' "$P" -o lowerdir=a:b:./a m
fresh
bad 'one lower twice, by a link' 'lowerdir=link: the same directory as lowerdir=a' \
	"$P" -o lowerdir=a:link m
fresh
mkdir a/sub
bad 'a lower inside the one above it' 'lowerdir=a/sub: lies inside lowerdir=a: .*name one of the two' \
	"$P" -o lowerdir=a:b:a/sub m
fresh
mkdir -p a/x/sub
bad 'a lower inside the one below it' 'lowerdir=a/x/sub: lies inside lowerdir=a: .*name one of the two' \
	"$P" -o lowerdir=a/x/sub:b:a m
fresh
mkdir a/sub
bad 'a lower inside another, by a link' 'lowerdir=a/sub: lies inside lowerdir=link: ' "$P" -o lowerdir=link:a/sub m
fresh
bad '501 layers' '501 layers are too many: at most 500' "$P" -o "lowerdir=$(yes a: | head -n 501 | tr -d '\n' | sed 's/:$//')" m
fresh
chmod 700 a
chown 0:0 a
bad 'a lower without permission' 'lowerdir=a: permission denied: let this user' "${USER[@]}" "$P" -o lowerdir=a:b m
fresh
mkdir -p shut/a
chmod 700 shut
bad 'a lower below a directory without permission' 'lowerdir=shut/a: permission denied' \
	"${USER[@]}" "$P" -o lowerdir=shut/a m
fresh
bad 'a missing lower whose name is not UTF-8' $'lowerdir=\xff\xfe: no such directory' \
	"$P" -o $'lowerdir=\xff\xfe' m
fresh
bad 'a missing lower with a newline in its name' 'lowerdir=x\?y: no such directory' "$P" -o $'lowerdir=x\ny' m

# --- upper and work directory
fresh
bad 'an upper without workdir' 'upperdir=u: a workdir is missing: add workdir=' "$P" -o lowerdir=a,upperdir=u m
fresh
bad 'a workdir without upper' 'workdir=w: an upperdir is missing' "$P" -o lowerdir=a,workdir=w m
fresh
bad 'a missing upper' 'upperdir=x: no such directory' "$P" -o lowerdir=a,upperdir=x,workdir=w m
fresh
bad 'a file as upper' 'upperdir=a/file: not a directory' "$P" -o lowerdir=a,upperdir=a/file,workdir=w m
fresh
bad 'a missing workdir' 'workdir=x: no such directory' "$P" -o lowerdir=a,upperdir=u,workdir=x m
fresh
bad 'a file as workdir' 'workdir=a/file: not a directory' "$P" -o lowerdir=a,upperdir=u,workdir=a/file m
fresh
bad 'upper and workdir the same' 'workdir=u: is the upperdir' "$P" -o lowerdir=a,upperdir=u,workdir=u m
fresh
mkdir -p u/x/y
bad 'a workdir inside the upper' 'workdir=u/x/y: lies inside upperdir=u' "$P" -o lowerdir=a,upperdir=u,workdir=u/x/y m
fresh
mkdir -p w/x/y
bad 'an upper inside the workdir' 'upperdir=w/x/y: lies inside workdir=w' "$P" -o lowerdir=a,upperdir=w/x/y,workdir=w m
fresh
bad 'the upper is a lower' 'upperdir=u: is a lowerdir too' "$P" -o lowerdir=a:u,upperdir=u,workdir=w m
fresh
bad 'the workdir is a lower' 'workdir=w: is a lowerdir too' "$P" -o lowerdir=a:w,upperdir=u,workdir=w m
fresh
mkdir u/l
bad 'a lower inside the upper' 'lowerdir=u/l: lies inside upperdir=u' "$P" -o lowerdir=u/l,upperdir=u,workdir=w m
fresh
mkdir w/l
bad 'a lower inside the workdir' 'lowerdir=w/l: lies inside workdir=w' "$P" -o lowerdir=w/l,upperdir=u,workdir=w m
fresh
bad 'a workdir on another file system' 'workdir=.*: on another file system than upperdir=u' \
	"$P" -o "lowerdir=a,upperdir=u,workdir=$TMPFS" m
fresh
mkdir again
mount --bind . again
MOUNTS=$C/again bad 'a workdir by way of another mount' 'workdir=again/w: reached through another mount than upperdir=u' \
	"$P" -o lowerdir=a,upperdir=u,workdir=again/w m
fresh
mkdir ro
mount -t tmpfs none ro
mkdir ro/u ro/w
mount -o remount,ro ro
MOUNTS=$C/ro bad 'a read-only upper' 'upperdir=ro/u: on a read-only file system' \
	"$P" -o lowerdir=a,upperdir=ro/u,workdir=ro/w m
fresh
chown 0:0 u
bad 'an upper without permission to write' 'upperdir=u: permission denied: let this user write' "${USER[@]}" "$P" -o "$UPPER" m
fresh
chown 0:0 w
bad 'a workdir without permission to write' 'workdir=w: permission denied: let this user write' "${USER[@]}" "$P" -o "$UPPER" m
fresh
mkdir u2 w2 m2
"$P" -o "$UPPER" m2 2>/dev/null
MOUNTS=$C/m2 DAEMON=1 bad 'an upper in use' 'upperdir=u: in use by another mount: unmount that' \
	"$P" -o lowerdir=a,upperdir=u,workdir=w2 m
MOUNTS=$C/m2 DAEMON=1 bad 'a workdir in use' 'workdir=w: in use by another mount: unmount that' \
	"$P" -o lowerdir=a,upperdir=u2,workdir=w m
umount m2
fresh
mkdir -p w/work/incompat/future
chmod 700 w/work
bad 'a workdir with a feature of the future' 'workdir=w: .*incompat' "$P" -o "$UPPER" m
fresh
mkdir w/work
if chattr +i w/work 2>/dev/null; then
	bad "a 'work' that cannot be replaced" 'workdir=w: .*not permitted' "$P" -o "$UPPER" m
	chattr -i w/work
else
	skip "a 'work' that cannot be replaced" 'no chattr +i here'
fi

# --- the mount point
fresh
bad 'a missing mount point' 'mount point x: no such directory: make it first' "$P" -o "$UPPER" x
fresh
bad 'a file as mount point' 'mount point a/file: not a directory' "$P" -o "$UPPER" a/file
fresh
mkdir -p shut/m
chmod 700 shut
chown 0:0 shut
bad 'a mount point below a directory without permission' 'mount point shut/m: permission denied' \
	"${USER[@]}" "$P" -o "$UPPER" shut/m
fresh
"$P" -o lowerdir=a m 2>/dev/null
our_processes | xargs -r kill -9
sleep 0.2
MOUNTS=$C/m bad 'a mount point whose daemon has died' "mount point m: a mount whose daemon has died.*'umount'" \
	"$P" -o "$UPPER" m
fresh
bad '/dev/fd/N that is not /dev/fuse' 'mount point /dev/fd/0: not an open descriptor of /dev/fuse' \
	"$P" -o "$UPPER" /dev/fd/0

# --- FUSE
fresh
bad '/dev/fuse missing' '/dev/fuse: missing: load the kernel module' \
	unshare --mount --propagation private sh -c \
	'mount --bind "$1" /dev; shift; exec "$@"' sh "$DEV/none" "$P" -o "$UPPER" m
fresh
bad '/dev/fuse forbidden' "/dev/fuse: permission denied: as root 'chmod 666" \
	"${WITH_DEV_FUSE[@]}" "$DEV/fuse-600" "${USER[@]}" "$P" -o "$UPPER" m
fresh
bad '/dev/fuse without a driver' '/dev/fuse: missing: load the kernel module' \
	"${WITH_DEV_FUSE[@]}" "$DEV/fuse-odd" "$P" -o "$UPPER" m
fresh
bad 'no fusermount3' 'there is no fusermount3 in PATH: install the package fuse3' \
	"${USER[@]}" env PATH="$T/empty" "$P" -o "$UPPER" m
if command -v fusermount3 >/dev/null && [ -u "$(command -v fusermount3)" ]; then
	fresh
	bad 'options over a page for fusermount3' 'fsname: too long for fusermount3' \
		"${USER[@]}" "$P" -o "$UPPER,fsname=$(printf %04080d 0)" m
	fresh
	bad 'nosymfollow by fusermount3' 'nosymfollow: fusermount3 cannot do it: leave' \
		"${USER[@]}" "$P" -o "$UPPER,nosymfollow" m
	fresh
	chown 0:0 m
	bad 'a mount point of somebody else' 'mount point .*m: fusermount3: user has no write access' "${USER[@]}" "$P" -o "$UPPER" m
	if grep -q '^user_allow_other' /etc/fuse.conf 2>/dev/null; then
		skip 'allow_other where it is forbidden' 'user_allow_other is set in /etc/fuse.conf'
	else
		fresh
		bad 'allow_other where it is forbidden' "fusermount3: option allow_other only allowed" \
			"${USER[@]}" "$P" -o "$UPPER,allow_other" m
	fi
else
	skip 'what fusermount3 refuses' 'no set-uid fusermount3'
fi

# --- bad values
bad_word timeout=soon 'timeout=soon: not a number of seconds'
bad_word timeout=-1 'timeout=-1: not a number of seconds'
bad_word timeout=nan 'timeout=nan: not a number of seconds'
bad_word threads=-1 'threads=-1: not a number from 0 to 64'
bad_word threads=65 'threads=65: not a number from 0 to 64'
bad_word io_uring=1 'io_uring=1: not one of on, auto, off'
bad_word passthrough=1 'passthrough=1: not one of on, auto, off'
bad_word passthrough=on,writeback 'passthrough=on: cannot be combined with writeback'
bad_word writeback=yes 'writeback=yes: takes no value'
bad_word squash_to_uid=root 'squash_to_uid=root: not an id from 0 to 4294967294'
bad_word squash_to_gid=4294967295 'squash_to_gid=4294967295: not an id'
bad_word uidmapping=0:1000 'uidmapping=0:1000: not a list of STORED:SHOWN:COUNT'
bad_word uidmapping=0:1000:x "uidmapping=0:1000:x: bad range '0:1000:x'"
bad_word gidmapping=0:0:0 "gidmapping=0:0:0: bad range '0:0:0'"
bad_word gidmapping=0:0:10:5:100:1 "range '5:100:1' overlaps"
bad_word uidmapping=4294967290:0:10 "bad range '4294967290:0:10'"
bad_word xattr_permissions=3 'xattr_permissions=3: not one of 0, 1, 2'
bad_word fsync=yes 'fsync=yes: not one of 0, 1, auto, strict, volatile'
bad_word volatile=1 'volatile=1: takes no value'
bad_word redirect_dir=maybe 'redirect_dir=maybe: not one of on, follow, nofollow, off'
bad_word index=1 'index=1: not one of on, off'
bad_word metacopy= 'metacopy=: not one of on, off'
bad_word xino=always 'xino=always: not one of on, off, auto'
bad_word nfs_export=on,index=off 'nfs_export=on: cannot be combined'
bad_word metacopy=on,redirect_dir=off 'metacopy=on: needs redirect_dir=on'
bad_word verity=maybe 'verity=maybe: not one of on, require, off'
bad_word verity 'verity: not one of on, require, off'
bad_word userxattr=1 'userxattr=1: takes no value'
bad_word subtype=a/b "subtype=a/b: not a name"
bad_word "fsname=$(printf %04096d 0)" 'fsname=0*: not a name of 1 to 4095 bytes'
bad_word context= 'context=: is empty'

# --- odd, but good
fresh
good 'an unknown option is reported and ignored' "option 'frobnicate=7' is unknown and ignored" "$P" -o "$UPPER,frobnicate=7" m
fresh
good 'empty words' '' "$P" -o ",$UPPER,,ro," m
fresh
mkdir $'x,y:z\\\xff'
good 'a lower with , : \ and no UTF-8 in its name' '' "$P" -o $'lowerdir=x\\,y\\:z\\\\\xff:a' m
fresh
list=
for i in $(seq $((500 * TIME_FACTOR))); do
	mkdir "l$i"
	list=$list:l$i
done
good '500 layers' '' "$P" -o "lowerdir=${list#:}" m
fresh
good 'a mount point that is a layer' '' "$P" -o lowerdir=m:a m
fresh
mkdir a/sub
good 'closed stdin, stdout and stderr' '' sh -c "exec '$P' -o '$UPPER' m <&- >&- 2>&-"
fresh
mkdir "$T/plain"
if ! mount -t ramfs none "$T/plain" 2>/dev/null; then
	skip 'an upper without xattrs works and says so' 'no ramfs'
elif mkdir "$T/plain/u" "$T/plain/w" && setfattr -n user.x -v y "$T/plain/u" 2>/dev/null; then
	skip 'an upper without xattrs works and says so' 'ramfs has xattrs here'
else
	good 'an upper without xattrs works and says so' "upperdir's file system cannot hold" \
		"$P" -o "lowerdir=a,upperdir=$T/plain/u,workdir=$T/plain/w" m
fi
umount -l "$T/plain" 2>/dev/null

echo "bad-input: $passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
