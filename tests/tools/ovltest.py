# SPDX-License-Identifier: GPL-2.0-or-later
"""What a case's Python needs beyond the standard library: system calls that os lacks, and checks.

A case says `py <<'EOF'` and has everything here by its plain name, the modules included.
"""
import contextlib
import ctypes
import errno
import fcntl
import mmap
import os
import signal
import stat
import struct
import sys
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)

T, L, U, W, M, X, FS, AS = (os.environ.get(n, "") for n in ("T", "L", "U", "W", "M", "X", "FS", "AS"))

AT_FDCWD = -100
AT_SYMLINK_FOLLOW = 0x400
AT_EMPTY_PATH = 0x1000
RENAME_NOREPLACE, RENAME_EXCHANGE, RENAME_WHITEOUT = 1, 2, 4
FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, FALLOC_FL_ZERO_RANGE = 1, 2, 0x10
FALLOC_FL_COLLAPSE_RANGE = 8
FS_IOC_GETFLAGS, FS_IOC_SETFLAGS = 0x80086601, 0x40086602
FS_IOC_FSGETXATTR, FS_IOC_FSSETXATTR = 0x801c581f, 0x401c5820
FS_IOC_ENABLE_VERITY, FS_IOC_MEASURE_VERITY = 0x40806685, 0xc0046686
FS_IMMUTABLE_FL, FS_APPEND_FL, FS_NODUMP_FL, FS_NOATIME_FL = 0x10, 0x20, 0x40, 0x80
UTIME_NOW, UTIME_OMIT = (1 << 30) - 1, (1 << 30) - 2


def _call(name, *args):
    result = getattr(libc, name)(*args)
    if result < 0:
        e = ctypes.get_errno()
        raise OSError(e, os.strerror(e))
    return result


def _path(path):
    return os.fsencode(path)


def renameat2(old, new, flags=0):
    _call("renameat2", AT_FDCWD, _path(old), AT_FDCWD, _path(new), ctypes.c_uint(flags))


def linkat(olddir, old, newdir, new, flags=0):
    _call("linkat", olddir, _path(old), newdir, _path(new), flags)


def access(path, mode):
    """access(2) as it is; os.access only says yes or no."""
    _call("access", _path(path), mode)


def fallocate(fd, mode, offset, length):
    _call("fallocate", fd, mode, ctypes.c_int64(offset), ctypes.c_int64(length))


def utimensat(path, atime, mtime, flags=0x100):
    """atime and mtime are (seconds, nanoseconds)."""
    _call("utimensat", AT_FDCWD, _path(path), struct.pack("=qqqq", *atime, *mtime), flags)


def name_to_handle(path):
    """The file handle of path, as bytes that open_by_handle() takes; links are not followed."""
    buf = ctypes.create_string_buffer(struct.pack("=Ii", 128, 0), 136)
    mount = ctypes.c_int()
    _call("name_to_handle_at", AT_FDCWD, _path(path), buf, ctypes.byref(mount), 0)
    return buf.raw[:8 + struct.unpack_from("=I", buf.raw)[0]]


def open_by_handle(top, handle, flags):
    """Opens it on the file system that top is on."""
    at = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    try:
        buf = ctypes.create_string_buffer(handle, len(handle))
        return _call("open_by_handle_at", at, buf, flags | os.O_CLOEXEC)
    finally:
        os.close(at)


_syscall = libc.syscall
_syscall.restype = ctypes.c_long
SYS = {"x86_64": {"getdents64": 217}, "aarch64": {"getdents64": 61}}[os.uname().machine]


def getdents(fd, size=32768):
    """One getdents64(2): a list of (d_ino, d_off, d_type, name); empty at the end."""
    buf = ctypes.create_string_buffer(size)
    got = _syscall(SYS["getdents64"], fd, buf, ctypes.c_uint(size))
    if got < 0:
        e = ctypes.get_errno()
        raise OSError(e, os.strerror(e))
    raw, at, out = buf.raw, 0, []
    while at < got:
        ino, off, reclen, kind = struct.unpack_from("=QqHB", raw, at)
        name = raw[at + 19:at + reclen].split(b"\0", 1)[0]
        out.append((ino, off, kind, os.fsdecode(name)))
        at += reclen
    return out


def listing(path, size=32768):
    """All entries of a directory by getdents64, `.` and `..` included."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    out = []
    try:
        while True:
            some = getdents(fd, size)
            if not some:
                return out
            out += some
    finally:
        os.close(fd)


def getflags(fd):
    return struct.unpack("=I", fcntl.ioctl(fd, FS_IOC_GETFLAGS, b"\0" * 8)[:4])[0]


def setflags(fd, flags):
    fcntl.ioctl(fd, FS_IOC_SETFLAGS, struct.pack("=Q", flags))


def enable_verity(fd, algorithm=1):
    """fs-verity in blocks of 4096 bytes, without salt, of a file that is open for reading alone."""
    fcntl.ioctl(fd, FS_IOC_ENABLE_VERITY, struct.pack("=IIII112x", 1, algorithm, 4096, 0))


def measure_verity(fd):
    """The algorithm of the fs-verity digest, and the digest in hexadecimal."""
    answer = fcntl.ioctl(fd, FS_IOC_MEASURE_VERITY, struct.pack("=HH64x", 0, 64))
    algorithm, size = struct.unpack_from("=HH", answer)
    return algorithm, answer[4:4 + size].hex()


def write(path, data, flags=os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode=0o644):
    fd = os.open(path, flags, mode)
    try:
        if isinstance(data, str):
            data = data.encode()
        os.write(fd, data)
    finally:
        os.close(fd)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def exists(path):
    return os.path.lexists(path)


def check(truth, what):
    if not truth:
        raise AssertionError(what)


def eq(actual, expected, what="value"):
    check(actual == expected, "%s is %r, should be %r" % (what, actual, expected))


@contextlib.contextmanager
def expect(*numbers):
    """The block must end by OSError with one of these numbers."""
    names = "/".join(errno.errorcode[n] for n in numbers)
    try:
        yield
    except OSError as e:
        check(e.errno in numbers, "failed with %s, should be %s" %
              (errno.errorcode.get(e.errno, e.errno), names))
    else:
        raise AssertionError("succeeded, should fail with " + names)


def works_without(daemon, step):
    """Does step() come to an end while that process is stopped? If not, it does so afterwards."""
    thread = threading.Thread(target=step)
    os.kill(daemon, signal.SIGSTOP)
    try:
        while any("State:\tT" not in open("/proc/%d/task/%s/status" % (daemon, t)).read()
                  for t in os.listdir("/proc/%d/task" % daemon)):
            time.sleep(0.001)
        thread.start()
        thread.join(2)
        return not thread.is_alive()
    finally:
        os.kill(daemon, signal.SIGCONT)
        thread.join()


def open_passed_through(daemon, path, data, offset):
    """A descriptor through which that is written without the daemon. An open that comes before the last RELEASE
    of another kind has been worked on, for which nobody waits, is of that kind: so it is tried again."""
    for _ in range(10):
        fd = os.open(path, os.O_RDWR)
        os.pwrite(fd, data, offset)     # the kernel asks for security.capability once
        if works_without(daemon, lambda: os.pwrite(fd, data, offset)):
            return fd
        os.close(fd)
        time.sleep(0.1)
    raise AssertionError("%s is not passed through" % path)


def skip(reason):
    """End the case as skipped; the shell around must let exit status 77 pass."""
    print("SKIP " + reason)
    sys.stdout.flush()
    os._exit(77)
