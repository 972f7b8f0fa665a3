#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""An idmapped bind mount, as mount(8) makes it from util-linux 2.39 on.

    idmap_mount.py SOURCE TARGET STORED:SHOWN:COUNT...

Users and groups alike: the ids from STORED on the file system are shown as those from SHOWN.
Needs root of the initial user namespace, and a file system that allows it (Linux 5.12).
"""
import ctypes
import os
import sys

SYS_OPEN_TREE, SYS_MOVE_MOUNT, SYS_MOUNT_SETATTR = 428, 429, 442
OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC = 1, 0x80000
MOVE_MOUNT_F_EMPTY_PATH, AT_EMPTY_PATH, AT_FDCWD = 4, 0x1000, -100
MOUNT_ATTR_IDMAP = 0x100000
CLONE_NEWUSER = 0x10000000
libc = ctypes.CDLL(None, use_errno=True)


class MountAttr(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def namespace(ranges):
    """A user namespace with these ranges, as a descriptor: it is that of a child, which then ends."""
    entered, end = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        check(libc.unshare(CLONE_NEWUSER))
        os.write(entered[1], b"x")
        os.read(end[0], 1)
        os._exit(0)
    os.read(entered[0], 1)
    text = "".join(r.replace(":", " ") + "\n" for r in ranges)
    for name in ("uid_map", "gid_map"):
        with open(f"/proc/{child}/{name}", "w") as file:
            file.write(text)
    fd = os.open(f"/proc/{child}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
    os.write(end[1], b"x")
    os.waitpid(child, 0)
    return fd


def main(source, target, *ranges):
    tree = check(libc.syscall(SYS_OPEN_TREE, AT_FDCWD, os.fsencode(source),
                              OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC))
    attr = MountAttr(MOUNT_ATTR_IDMAP, 0, 0, namespace(ranges))
    check(libc.syscall(SYS_MOUNT_SETATTR, tree, b"", AT_EMPTY_PATH, ctypes.byref(attr),
                       ctypes.sizeof(attr)))
    check(libc.syscall(SYS_MOVE_MOUNT, tree, b"", AT_FDCWD, os.fsencode(target),
                       MOVE_MOUNT_F_EMPTY_PATH))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except OSError as error:
        sys.exit(f"{sys.argv[0]}: {error.strerror}")
