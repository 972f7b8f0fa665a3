# SPDX-License-Identifier: GPL-2.0-or-later
# O_TRUNC through one descriptor is seen through another one that was open before.
put "$L/f" 'some content'
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR)
eq(os.pread(fd, 4, 0), b"some")
os.close(os.open(M + "/f", os.O_WRONLY | os.O_TRUNC))
eq(os.fstat(fd).st_size, 0)
eq(os.pread(fd, 4, 0), b"")
os.pwrite(fd, b"x", 3)
eq(read(M + "/f"), b"\0\0\0x")
PY
