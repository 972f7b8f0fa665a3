# SPDX-License-Identifier: GPL-2.0-or-later
# With passthrough=on a mount through which a file was only written to, which the daemon is not told of, syncs the
# upper at its end; one in which it was read does not.
# only: fuse
command -v strace >/dev/null || skip 'strace is not installed'
shared passthrough
without_check work remount cross
put "$U/f" up
for what in reading writing; do
	# LeakSanitizer refuses to be traced.
	WITHOUT=(env "ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -D -f -qq -e trace=syncfs -o "$T/$what.log")
	passthrough_mount
	cat "$M/f" >/dev/null
	[ $what = reading ] || echo more 1<>"$M/f"
	overlay_umount
	while pgrep -x strace >/dev/null; do sleep 0.01; done
	case $what in
	writing) grep -q syncfs "$T/$what.log" || fail "$what: not synced" ;;
	*) ! grep syncfs "$T/$what.log" || fail "$what: synced" ;;
	esac
done
has "$U/f" more
