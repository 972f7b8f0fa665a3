# SPDX-License-Identifier: GPL-2.0-or-later
# Holes stay holes: the copy takes no more room, and has data where the original has.
py <<'PY'
fd = os.open(L + "/f", os.O_RDWR | os.O_CREAT, 0o644)
os.ftruncate(fd, 64 << 20)
os.pwrite(fd, b"begin", 0)
os.pwrite(fd, b"middle", 20 << 20)
os.pwrite(fd, b"x" * 9000, 40 << 20)
PY
before=$(sha256sum <"$L/f")
overlay_mount
chmod 600 "$M/f"
same "$before" "$(sha256sum <"$M/f")" "sha256 after copy-up by chmod"
printf more | dd of="$M/f" bs=1 seek=1000000 conv=notrunc status=none
printf more | dd of="$T/expected" bs=1 seek=1000000 status=none
size_is "$M/f" $((64 << 20))
[ "$(stat -c %b "$U/f")" -lt 16384 ] || fail "$(stat -c %b "$U/f") blocks: the copy is not sparse"
py <<'PY'
fd = os.open(M + "/f", os.O_RDONLY)
eq(os.pread(fd, 6, 20 << 20), b"middle")
eq(os.pread(fd, 5, 0), b"begin")
eq(os.pread(fd, 4, 1000000), b"more")
eq(os.pread(fd, 9002, (40 << 20) - 1), b"\0" + b"x" * 9000 + b"\0")
PY
