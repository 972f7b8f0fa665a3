# SPDX-License-Identifier: GPL-2.0-or-later
# However the mount goes, the daemon ends: umount, lazily with open files, fusermount3.
# only: fuse
put "$L/f" text
start() {
	"$FUSE_OVERLAY" -o "lowerdir=$L,upperdir=$U,workdir=$W" "$M"
	id=$(daemons)
	[ -n "$id" ] || fail "no daemon"
}
without_check remount cross
start
umount "$M"
wait_gone "$id"
start
exec 5<"$M/f"
echo more >>"$M/g"
umount -l "$M"
same text "$(cat <&5)" "an open file after a lazy unmount"
exec 5<&-
wait_gone "$id"
has "$U/g" more
if command -v fusermount3 >/dev/null && [ "$AS" = root ]; then
	start
	fusermount3 -u "$M"
	wait_gone "$id"
fi
start
py <<'PY'
check(libc.umount2(os.fsencode(M), 2) == 0, "umount2(MNT_DETACH)")
PY
wait_gone "$id"
