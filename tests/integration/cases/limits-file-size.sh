# SPDX-License-Identifier: GPL-2.0-or-later
# A write beyond the largest file is EFBIG, one beyond the process's own limit as well.
overlay_mount
py <<'PY'
import resource
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
fd = os.open(M + "/f", os.O_RDWR | os.O_CREAT, 0o644)
with expect(errno.EFBIG, errno.EINVAL):
    os.pwrite(fd, b"x", (1 << 63) - 1)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
eq(os.pwrite(fd, b"x" * 10, 995), 5)
with expect(errno.EFBIG):
    os.pwrite(fd, b"x", 1000)
with expect(errno.EFBIG):
    os.ftruncate(fd, 2000)
eq(os.fstat(fd).st_size, 1000)
PY
