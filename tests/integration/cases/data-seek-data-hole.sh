# SPDX-License-Identifier: GPL-2.0-or-later
# SEEK_DATA and SEEK_HOLE find data and holes, in a lower file and in its copy.
py <<'PY'
fd = os.open(L + "/f", os.O_RDWR | os.O_CREAT, 0o644)
os.ftruncate(fd, 10 << 20)
os.pwrite(fd, b"d" * 65536, 4 << 20)
os.fsync(fd)
PY
overlay_mount
py <<'PY'
def look():
    fd = os.open(M + "/f", os.O_RDONLY)
    plain = os.open(L + "/f", os.O_RDONLY)
    for at in (0, 4 << 20, (4 << 20) + 100):
        eq(os.lseek(fd, at, os.SEEK_DATA), os.lseek(plain, at, os.SEEK_DATA), "data after %d" % at)
        eq(os.lseek(fd, at, os.SEEK_HOLE), os.lseek(plain, at, os.SEEK_HOLE), "hole after %d" % at)
    with expect(errno.ENXIO):
        os.lseek(fd, 10 << 20, os.SEEK_DATA)
    with expect(errno.ENXIO):
        os.lseek(fd, 8 << 20, os.SEEK_DATA)
    eq(os.lseek(fd, 0, os.SEEK_END), 10 << 20)
look()
write(M + "/f", b"D", os.O_WRONLY)
fd = os.open(M + "/f", os.O_RDWR)
eq(os.lseek(fd, 0, os.SEEK_DATA), 0)
hole = os.lseek(fd, 0, os.SEEK_HOLE)
check(0 < hole <= 4 << 20, "hole at %d" % hole)
os.pwrite(fd, b"D", 4 << 20)
PY
