# SPDX-License-Identifier: GPL-2.0-or-later
# A file without a name goes on working: stat, chmod, truncate, times, write, read, xattrs.
put "$L/low" lowcontent
overlay_mount
py <<'PY'
write(M + "/up", "upcontent\n")
for name, text in (("up", b"upcontent\n"), ("low", b"lowcontent\n")):
    fd = os.open(M + "/" + name, os.O_RDWR)
    ino = os.fstat(fd).st_ino
    if name == "low":
        os.pwrite(fd, text, 0)
    os.unlink(M + "/" + name)
    eq(os.fstat(fd).st_nlink, 0, name + ": links")
    eq(os.fstat(fd).st_ino, ino, name + ": inode")
    eq(os.pread(fd, 100, 0), text, name)
    os.fchmod(fd, 0o4711)
    eq(stat.S_IMODE(os.fstat(fd).st_mode), 0o4711, name + ": mode")
    os.pwrite(fd, b"0123456789", 0)
    os.ftruncate(fd, 5)
    eq(os.pread(fd, 100, 0), b"01234", name)
    os.ftruncate(fd, 8)
    eq(os.pread(fd, 100, 0), b"01234\0\0\0", name)
    os.utime(fd, ns=(1, 2000000003))
    eq(os.fstat(fd).st_mtime_ns, 2000000003, name)
    os.setxattr(fd, "user.a", b"b")
    eq(os.getxattr(fd, "user.a"), b"b", name)
    os.removexattr(fd, "user.a")
    os.fsync(fd)
    again = os.open("/proc/self/fd/%d" % fd, os.O_RDONLY)
    eq(os.read(again, 5), b"01234", name + ": opened again through /proc")
eq(os.listdir(M), [])
PY
