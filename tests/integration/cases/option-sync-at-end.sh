# SPDX-License-Identifier: GPL-2.0-or-later
# A mount through which nothing was changed syncs nothing at its end; one through which something was, does.
# only: fuse
command -v strace >/dev/null || skip 'strace is not installed'
without_check work remount cross
put "$L/f" low
mkdir "$L/d"
for what in reading writing removing volatile; do
	# LeakSanitizer refuses to be traced.
	WITHOUT=(env "ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -D -f -qq -e trace=syncfs -o "$T/$what.log")
	case $what in
	volatile) overlay_mount -o volatile ;;
	*) overlay_mount ;;
	esac
	has "$M/f" low
	[ $what = volatile ] || lists "$M" d f
	case $what in
	writing | volatile) setfattr -n user.x -v y "$M/f" ;;
	removing) rmdir "$M/d" ;;
	esac
	overlay_umount
	while pgrep -x strace >/dev/null; do sleep 0.01; done
	case $what in
	writing | removing) grep -q syncfs "$T/$what.log" || fail "$what: not synced" ;;
	*) ! grep syncfs "$T/$what.log" || fail "$what: synced" ;;
	esac
done
