# SPDX-License-Identifier: GPL-2.0-or-later
# fallocate allocates, keeps the size, punches holes, zeroes ranges.
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR | os.O_CREAT, 0o644)
try:
    fallocate(fd, 0, 0, 8192)
except OSError as e:
    eq(e.errno, errno.EOPNOTSUPP)
    skip("this file system does not allocate")
eq(os.fstat(fd).st_size, 8192)
fallocate(fd, FALLOC_FL_KEEP_SIZE, 8192, 65536)
eq(os.fstat(fd).st_size, 8192)
os.pwrite(fd, b"x" * 65536, 0)
fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4096, 8192)
eq(os.pread(fd, 65536, 0), b"x" * 4096 + b"\0" * 8192 + b"x" * 53248)
try:
    fallocate(fd, FALLOC_FL_ZERO_RANGE, 61440, 8192)
    eq(os.fstat(fd).st_size, 69632)
    eq(os.pread(fd, 20000, 60000), b"x" * 1440 + b"\0" * 8192)
except OSError as e:
    eq(e.errno, errno.EOPNOTSUPP)
with expect(errno.EINVAL):
    fallocate(fd, 0, 0, 0)
with expect(errno.EOPNOTSUPP, errno.EINVAL):
    fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 4096)
ro = os.open(M + "/f", os.O_RDONLY)
with expect(errno.EBADF):
    fallocate(ro, 0, 0, 10)
PY
