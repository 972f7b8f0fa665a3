# SPDX-License-Identifier: GPL-2.0-or-later
"""A process that does what it likes in a tree where others do the same.

Names are few, so that processes meet. An operation may fail because somebody else was faster; an errno that
this cannot explain is a failure of the file system.
"""
import ctypes
import errno
import mmap
import os
import random
import stat
import time

# What the others may cause.
EXPECTED = {errno.ENOENT, errno.EEXIST, errno.ENOTEMPTY, errno.EISDIR, errno.ENOTDIR, errno.EINVAL,
            errno.EBUSY, errno.ENODATA, errno.ELOOP, errno.EPERM, errno.EMLINK, errno.ETXTBSY}
XATTRS = ("user.a", "user.b", "user.overlay.x")
libc = ctypes.CDLL(None, use_errno=True)


class Chaos:
    def __init__(self, top, seed):
        self.top, self.rng = top, random.Random(seed)
        self.operations = 0

    def path(self):
        rng = self.rng
        depth = rng.choice([0, 1, 1, 2])
        parts = ["d%d" % rng.randrange(4) for _ in range(depth)]
        return "/".join([self.top] + parts + [rng.choice("ffffd") + "%d" % rng.randrange(6)])

    def directory(self):
        return os.path.dirname(self.path())

    def opened(self, path, flags, do):
        fd = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644)
        try:
            return do(fd)
        finally:
            os.close(fd)

    def data(self):
        return bytes([self.rng.randrange(256)]) * self.rng.choice([1, 100, 5000, 70000])

    def create(self):
        self.opened(self.path(), os.O_WRONLY | os.O_CREAT, lambda fd: os.write(fd, self.data()))

    def write(self):
        at = self.rng.randrange(50000)
        self.opened(self.path(), os.O_WRONLY, lambda fd: os.pwrite(fd, self.data(), at))

    def append(self):
        self.opened(self.path(), os.O_WRONLY | os.O_APPEND, lambda fd: os.write(fd, b"more"))

    def read(self):
        self.opened(self.path(), os.O_RDONLY, lambda fd: os.pread(fd, 100000, 0))

    def map(self):
        """Written through a mapping, while the name may go and the file be copied up."""
        def do(fd):
            size = os.fstat(fd).st_size
            if size < 10 or not stat.S_ISREG(os.fstat(fd).st_mode):
                return
            os.ftruncate(fd, 1 << 20)   # nobody may shrink it under the mapping ...
            with mmap.mmap(fd, 4096) as m:
                m[:10] = b"0123456789"
                if self.rng.random() < 0.3:
                    m.flush()
        self.opened(self.own(), os.O_RDWR, do)

    def own(self):
        """A file that only this process truncates: SIGBUS is nobody's fault."""
        path = self.top + "/own%d" % os.getpid()
        if not os.path.lexists(path):
            with open(path, "wb") as f:
                f.write(b"x" * 5000)
        return path

    def unlinked(self):
        """What has no name any more can still be used."""
        path = self.top + "/gone%d" % os.getpid()

        def do(fd):
            os.write(fd, b"content")
            os.unlink(path)
            os.fchmod(fd, 0o600)
            os.ftruncate(fd, 4)
            if os.pread(fd, 10, 0) != b"cont" or os.fstat(fd).st_nlink:
                raise AssertionError("an unlinked file has lost its content")
        self.opened(path, os.O_RDWR | os.O_CREAT, do)

    def rename(self):
        os.rename(self.path(), self.path())

    def exchange(self):
        if libc.renameat2(-100, self.path().encode(), -100, self.path().encode(), 2) < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    def link(self):
        os.link(self.path(), self.path())

    def symlink(self):
        os.symlink("f1", self.path())

    def unlink(self):
        os.unlink(self.path())

    def mkdir(self):
        os.mkdir(self.directory())

    def rmdir(self):
        os.rmdir(self.directory())

    def list(self):
        names = os.listdir(self.directory())
        if len(names) != len(set(names)) and len(names) < 50:
            # A name that is removed and made anew while it is listed may come twice.
            names = os.listdir(self.top)

    def walk(self):
        for entry in os.scandir(self.directory()):
            entry.stat(follow_symlinks=False)

    def setxattr(self):
        os.setxattr(self.path(), self.rng.choice(XATTRS), self.data()[:200])

    def getxattrs(self):
        path = self.path()
        for name in os.listxattr(path):
            os.getxattr(path, name)

    def removexattr(self):
        os.removexattr(self.path(), self.rng.choice(XATTRS))

    def chmod(self):
        os.chmod(self.path(), self.rng.choice([0o600, 0o644, 0o4755]))

    def chown(self):
        os.chown(self.path(), self.rng.choice([0, 1]), -1)

    def utimes(self):
        os.utime(self.path(), (1, self.rng.randrange(1000)))

    def truncate(self):
        os.truncate(self.path(), self.rng.choice([0, 10, 60000]))

    def sync(self):
        self.opened(self.path(), os.O_RDONLY, os.fsync)

    def statfs(self):
        os.statvfs(self.top)

    def everything(self):
        words = [self.create] * 3 + [self.write] * 3 + [self.rename] * 4 + [self.unlink] * 3
        return words + [self.append, self.read, self.read, self.map, self.unlinked, self.exchange, self.link,
                        self.link, self.symlink, self.mkdir, self.mkdir, self.rmdir, self.list, self.walk,
                        self.setxattr, self.getxattrs, self.removexattr, self.chmod, self.chown, self.utimes,
                        self.truncate, self.sync, self.statfs]

    def go_on(self, seconds):
        """Until the time is over. Raises what nobody else can have caused."""
        words, end = self.everything(), time.monotonic() + seconds
        while time.monotonic() < end:
            word = self.rng.choice(words)
            self.operations += 1
            try:
                word()
            except OSError as e:
                if e.errno not in EXPECTED:
                    raise OSError(e.errno, "%s: %s" % (word.__name__, e)) from e


def drop_caches_until(stop):
    """Lets the kernel forget names and inodes, so that FORGET and LOOKUP come, too."""
    turn = 0
    while not stop():
        time.sleep(0.3)
        turn += 1
        try:
            with open("/proc/sys/vm/drop_caches", "w") as f:
                f.write("1" if turn % 8 == 0 else "2")
        except OSError:
            return


def fill(top):
    """A lower layer: some of the names, a part of them linked, deep enough to copy directories up."""
    for directory in ["", "/d0", "/d1", "/d2", "/d0/d1", "/d0/d2", "/d1/d1", "/d3"]:
        os.makedirs(top + directory, exist_ok=True)
        for name in ("f0", "f2", "f3"):
            with open("%s%s/%s" % (top, directory, name), "wb") as f:
                f.write(os.urandom(30000))
        os.link("%s%s/f0" % (top, directory), "%s%s/f4" % (top, directory))
        os.symlink("f0", "%s%s/f5" % (top, directory))
