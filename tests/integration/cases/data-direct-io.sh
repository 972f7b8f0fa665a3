# SPDX-License-Identifier: GPL-2.0-or-later
# O_DIRECT reads and writes see the same data as cached ones.
py <<'PY'
write(L + "/f", b"l" * 16384)
PY
overlay_mount
py <<'PY'
try:
    fd = os.open(M + "/f", os.O_RDWR | os.O_DIRECT)
except OSError as e:
    eq(e.errno, errno.EINVAL)
    skip("no O_DIRECT here")
buf = mmap.mmap(-1, 4096)
eq(os.preadv(fd, [buf], 4096), 4096)
eq(buf[:], b"l" * 4096)
buf[:] = b"D" * 4096
eq(os.pwritev(fd, [buf], 8192), 4096)
eq(read(M + "/f"), b"l" * 8192 + b"D" * 4096 + b"l" * 4096)
write(M + "/f", b"C" * 4096, os.O_WRONLY)
eq(os.preadv(fd, [buf], 0), 4096)
eq(buf[:], b"C" * 4096)
PY
