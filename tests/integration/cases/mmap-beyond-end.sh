# SPDX-License-Identifier: GPL-2.0-or-later
# Data written into the last page of a mapping beyond the end does not lengthen the file.
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR | os.O_CREAT, 0o644)
os.write(fd, b"12345")
m = mmap.mmap(fd, 5)
m[4:5] = b"X"
m.flush()
eq(os.fstat(fd).st_size, 5)
os.ftruncate(fd, 4000)
eq(os.pread(fd, 4000, 0), b"1234X" + b"\0" * 3995)
PY
