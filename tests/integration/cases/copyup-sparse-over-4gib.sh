# SPDX-License-Identifier: GPL-2.0-or-later
# A sparse file of 5 GiB with data at its end is copied up sparse.
# timeout: 180
without_check lower remount cross
[ "$BACKING" != tmpfs ] || [ "$(stat -f -c '%a*%S' "$T" | sed 's/\*/ /' | awk '{print int($1*$2/1048576)}')" -gt 100 ] ||
	skip "no room"
py <<'PY'
fd = os.open(L + "/f", os.O_RDWR | os.O_CREAT, 0o644)
os.pwrite(fd, b"end", (5 << 30) + 12345)
os.pwrite(fd, b"over", (4 << 30) + 1)
PY
size=$(stat -c %s "$L/f")
overlay_mount
size_is "$M/f" "$size"
echo more >>"$M/f"
size_is "$U/f" $((size + 5))
[ "$(stat -c %b "$U/f")" -lt 16384 ] || fail "$(stat -c %b "$U/f") blocks: the copy is not sparse"
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR)
eq(os.pread(fd, 8, (5 << 30) + 12345), b"endmore\n")
eq(os.pread(fd, 4, (4 << 30) + 1), b"over")
eq(os.pread(fd, 4, (4 << 30) - 100), b"\0\0\0\0")
os.pwrite(fd, b"beyond", 6 << 30)
eq(os.fstat(fd).st_size, (6 << 30) + 6)
PY
