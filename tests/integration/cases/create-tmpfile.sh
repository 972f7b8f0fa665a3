# SPDX-License-Identifier: GPL-2.0-or-later
# O_TMPFILE makes a file without a name, which linkat can give one.
put "$L/d/x"
without_check cross
overlay_mount
py <<'PY'
try:
    fd = os.open(M + "/d", os.O_TMPFILE | os.O_RDWR, 0o640)
except OSError as e:
    check(e.errno in (errno.EOPNOTSUPP, errno.EISDIR, errno.ENOSYS), "errno " + errno.errorcode[e.errno])
    skip("no O_TMPFILE here: libfuse before 3.17, or the upper file system")
os.write(fd, b"nameless")
st = os.fstat(fd)
eq((st.st_nlink, stat.S_IMODE(st.st_mode), st.st_size), (0, 0o640, 8))
eq(os.listdir(M + "/d"), ["x"])
linkat(-100, "/proc/self/fd/%d" % fd, -100, M + "/d/named", AT_SYMLINK_FOLLOW)
eq(read(M + "/d/named"), b"nameless")
eq(os.fstat(fd).st_nlink, 1)
eq(os.fstat(fd).st_ino, os.stat(M + "/d/named").st_ino)
PY
has "$U/d/named" nameless
