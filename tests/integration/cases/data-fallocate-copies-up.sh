# SPDX-License-Identifier: GPL-2.0-or-later
# fallocate on a lower file copies it up; a punched hole hits only the copy.
py <<'PY'
write(L + "/f", b"l" * 65536)
write(L + "/g", b"g" * 10)
PY
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR)
try:
    fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4096, 4096)
except OSError as e:
    eq(e.errno, errno.EOPNOTSUPP)
    skip("this file system punches no holes")
eq(os.pread(fd, 12288, 0), b"l" * 4096 + b"\0" * 4096 + b"l" * 4096)
fd = os.open(M + "/g", os.O_RDWR)
fallocate(fd, 0, 0, 100)
eq(read(M + "/g"), b"g" * 10 + b"\0" * 90)
PY
size_is "$L/g" 10
size_is "$U/g" 100
