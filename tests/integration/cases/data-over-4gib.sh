# SPDX-License-Identifier: GPL-2.0-or-later
# Data beyond 4 GiB is written and read where it belongs.
without_check remount cross
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR | os.O_CREAT, 0o644)
places = [0, (1 << 31) - 3, (1 << 32) - 3, (1 << 32) + 5, 5 << 30]
for i, at in enumerate(places):
    os.pwrite(fd, b"<%04d>" % i, at)
for i, at in enumerate(places):
    eq(os.pread(fd, 6, at), b"<%04d>" % i)
eq(os.fstat(fd).st_size, (5 << 30) + 6)
os.ftruncate(fd, (1 << 32) + 1)
eq(os.pread(fd, 100, (1 << 32) - 3), b"<0002>"[:4])
PY
size_is "$U/f" 4294967297
