# SPDX-License-Identifier: GPL-2.0-or-later
# write(2) is seen through a shared mapping and a mapping's write by read(2), both ways at once.
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR | os.O_CREAT, 0o644)
os.ftruncate(fd, 8192)
m = mmap.mmap(fd, 8192)
os.pwrite(fd, b"by write", 100)
eq(m[100:108], b"by write")
m[4096:4102] = b"by map"
eq(os.pread(fd, 6, 4096), b"by map")
PY
