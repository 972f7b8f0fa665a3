# SPDX-License-Identifier: GPL-2.0-or-later
# readv and writev, pread and pwrite, with several buffers.
put "$L/f" 0123456789
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR)
eq(os.writev(fd, [b"ab", b"", b"cd"]), 4)
eq(os.pwritev(fd, [b"X" * 10, b"Y" * 5], 20), 15)
bufs = [bytearray(3), bytearray(8)]
eq(os.preadv(fd, bufs, 0), 11)
eq(bytes(bufs[0] + bufs[1]), b"abcd456789\n")
eq(os.pread(fd, 100, 11), b"\0" * 9 + b"X" * 10 + b"Y" * 5)
eq(os.pread(fd, 10, 35), b"")
eq(os.pread(fd, 10, 34), b"Y")
PY
