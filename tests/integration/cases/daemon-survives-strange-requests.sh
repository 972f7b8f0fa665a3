# SPDX-License-Identifier: GPL-2.0-or-later
# Reads of zero bytes, listings with tiny buffers, xattrs without a name: an error at most.
# only: fuse
put "$L/f" text
mkdir "$L/d"
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR)
eq(os.read(fd, 0), b"")
eq(os.write(fd, b""), 0)
d = os.open(M, os.O_RDONLY)
with expect(errno.EINVAL):
    getdents(d, 8)
os.lseek(d, 1 << 62, os.SEEK_SET)
getdents(d)
os.lseek(d, 12345, os.SEEK_SET)
getdents(d)
with expect(errno.EINVAL, errno.ENXIO):
    os.lseek(fd, -1, os.SEEK_SET)
with expect(errno.ENODATA, errno.EOPNOTSUPP, errno.EINVAL):
    os.getxattr(M + "/f", "user.")
PY
