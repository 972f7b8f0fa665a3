# SPDX-License-Identifier: GPL-2.0-or-later
# ftruncate and write through a descriptor opened read-only fail.
put "$L/f" text
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDONLY)
with expect(errno.EINVAL, errno.EBADF):
    os.ftruncate(fd, 0)
with expect(errno.EBADF):
    os.write(fd, b"x")
w = os.open(M + "/f", os.O_WRONLY)
with expect(errno.EBADF):
    os.read(w, 1)
d = os.open(M, os.O_RDONLY)
with expect(errno.EISDIR):
    os.read(d, 1)
with expect(errno.EISDIR):
    os.open(M, os.O_WRONLY)
with expect(errno.EISDIR):
    os.truncate(M, 0)
PY
[ "$FS" = kernel ] || not_in_upper f
