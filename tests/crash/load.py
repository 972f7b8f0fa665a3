# SPDX-License-Identifier: GPL-2.0-or-later
"""A worker: does what model.py chooses, in the mount, and says so beforehand and afterwards.

Its log lies outside the mount. A line is written before an operation (the operation, as JSON) and one
after it ("ok", and when), so that whoever reads it knows what was promised and what was under way. Every
operation must succeed as long as the daemon lives: anything else than the signs of its death goes to
the log as a failure.
"""
import ctypes
import errno
import json
import os
import time

import model

# What is seen of a daemon that has been killed, and of a disk that has gone.
DEAD = (errno.ENOTCONN, errno.ECONNABORTED)
CUT = DEAD + (errno.EIO, errno.EROFS, errno.ENODEV)
RENAME_EXCHANGE = 2
libc = ctypes.CDLL(None, use_errno=True)


def open_then(path, flags, do):
    fd = os.open(path, flags | os.O_NOFOLLOW, 0o644)
    try:
        return do(fd)
    finally:
        os.close(fd)


def write_at(fd, data, offset):
    while data:
        done = os.pwrite(fd, data, offset)
        data, offset = data[done:], offset + done


def exchange(old, new):
    if libc.renameat2(-100, os.fsencode(old), -100, os.fsencode(new), RENAME_EXCHANGE) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def dies(top, signs):
    """Is EIO one of the signs, too? It is when SIGKILL meets the daemon while it takes a request from
    the kernel (fs/fuse/dev.c, fuse_dev_do_read()). Then all requests fail very soon."""
    for _ in range(50):
        try:
            os.statvfs(top)
        except OSError as e:
            return e.errno in signs
        time.sleep(0.001)
    return False


def perform(top, op):
    what = op[0]
    path = top + "/" + op[1]
    if what == "create":
        open_then(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, lambda fd: None)
    elif what == "write":
        open_then(path, os.O_WRONLY, lambda fd: write_at(fd, model.pattern(op[4], op[3]), op[2]))
    elif what == "truncate":
        os.truncate(path, op[2])
    elif what == "fsync":
        open_then(path, os.O_RDONLY, os.fsync)
    elif what == "fsyncdir":
        open_then(path, os.O_RDONLY | os.O_DIRECTORY, os.fsync)
    elif what == "setxattr":
        os.setxattr(path, model.XATTR, op[2].encode())
    elif what == "symlink":
        os.symlink(op[2], path)
    elif what == "exchange":
        exchange(path, top + "/" + op[2])
    elif what in ("rename", "link"):
        getattr(os, what)(path, top + "/" + op[2])
    elif what == "chmod":
        os.chmod(path, op[2])
    else:
        {"mkdir": os.mkdir, "rmdir": os.rmdir, "unlink": os.unlink}[what](path)


def work(top, log_path, chooser, signs):
    """Until the daemon dies. Returns nothing: the log has it all."""
    os.umask(0o022)
    with open(log_path, "wb", buffering=0) as log:
        while True:
            for op in chooser.choose():
                log.write(json.dumps(op).encode() + b"\n")
                try:
                    perform(top, op)
                except OSError as e:
                    if e.errno not in signs and not (e.errno == errno.EIO and dies(top, signs)):
                        log.write(b"failed %s\n" % errno.errorcode.get(e.errno, "?").encode())
                    return
                log.write(b"ok %d\n" % time.monotonic_ns())
                model.apply(chooser.state, op)


def read_log(path, until=None):
    """The operations that were promised, the one under way (or None), and what failed (or None).

    A sync that was answered after the disk had gone (until) has promised nothing: ext4's fsync(2) may
    succeed once the journal is aborted (jbd2_complete_transaction()), and nobody hears of it after a
    real power cut. It is given as "late"."""
    done, pending = [], None
    with open(path, "rb") as log:
        for line in log:
            if line.startswith(b"ok "):
                late = until is not None and pending[0].startswith("fsync") and int(line[3:]) > until
                done.append(["late"] + pending if late else pending)
                pending = None
            elif line.startswith(b"failed "):
                return done, None, "%s: %s" % (pending, line[7:-1].decode())
            else:
                pending = json.loads(line)
    return done, pending, None
