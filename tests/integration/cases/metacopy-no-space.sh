# SPDX-License-Identifier: GPL-2.0-or-later
# Data that find no room in the upper: ENOSPC, and the file is as it was; later it can be written.
[ "$AS" = plain ] && skip "cannot mount a tmpfs"
metacopy_on
mkdir "$T/small"
mount -t tmpfs -o size=1m none "$T/small"
finally umount "$T/small"
U=$T/small/upper
W=$T/small/work
mkdir "$U" "$W"
head -c 2000000 /dev/urandom >"$L/big"
sum=$(sha256sum <"$L/big")
without_check ino
overlay_mount
chmod 600 "$M/big"
touch -d 2001-02-03 "$M/big"
check() {
	same "$sum" "$(sha256sum <"$M/big")" sha256
	mode_is "$M/big" 600
	size_is "$M/big" 2000000
}
fails_with ENOSPC py <<'PY'
fd = os.open(M + "/big", os.O_WRONLY)
os.write(fd, b"x")
os.fsync(fd)
PY
fails_with ENOSPC sys truncate "$M/big" 1900000
check
overlay_remount
check
if [ "$FS" = fuse ]; then mtime_is "$M/big" "$(date -d 2001-02-03 +%s).000000000"; fi
mount -o remount,size=8m "$T/small"
printf x | dd of="$M/big" bs=1 seek=1000 conv=notrunc status=none
cmp <(tail -c +1002 "$L/big") <(tail -c +1002 "$M/big")
