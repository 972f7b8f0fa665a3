# SPDX-License-Identifier: GPL-2.0-or-later
# Where this process may make no ring (seccomp in containers, kernel.io_uring_disabled), or the kernel does not offer
# FUSE over io_uring, io_uring=on says so in one line, and the mount is as without.
# only: fuse
without io_uring
put "$L/f" low
overlay_mount -o io_uring=on 2>"$T/said"
grep -q '^fuse-overlay: io_uring=on: .*: /dev/fuse is read instead$' "$T/said" || fail "said: $(cat "$T/said")"
same 1 "$(wc -l <"$T/said")" "lines said"
echo more >>"$M/f"
has "$M/f" $'low\nmore'
overlay_umount
overlay_mount -o io_uring=auto 2>"$T/said"
same "" "$(cat "$T/said")" "what is said with auto"
has "$M/f" $'low\nmore'
