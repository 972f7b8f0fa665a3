#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run a program for which some system calls fail, as they do on file systems that lack a feature.

    without.py LACK[,LACK...] PROGRAM ARGUMENT...

    devices          mknod(2) of devices: EPERM          (most file systems, for ordinary users)
    rename-whiteout  renameat2(RENAME_WHITEOUT): EINVAL  (NFS, vfat, older network file systems)
    rename-flags     renameat2(any flag): EINVAL
    tmpfile          open(O_TMPFILE): EOPNOTSUPP
    xattrs           all calls on xattrs: EOPNOTSUPP
    link             link(2): EPERM
    io_uring         io_uring_setup(2): EPERM            (containers, kernel.io_uring_disabled)
    fs-uuid          ioctl(FS_IOC_GETFSUUID): ENOTTY     (Linux before 6.9)
    new-calls        the system calls that Linux has got since 6.1, Debian 12's: ENOSYS

Ends with status 77 where this machine's numbers of system calls are not known.
"""
import ctypes
import errno
import os
import struct
import sys

NUMBERS = {
    "x86_64": {"mknod": 133, "mknodat": 259, "renameat2": 316, "openat": 257, "link": 86, "linkat": 265,
               "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190, "getxattr": 191, "lgetxattr": 192,
               "fgetxattr": 193, "listxattr": 194, "llistxattr": 195, "flistxattr": 196, "removexattr": 197,
               "lremovexattr": 198, "fremovexattr": 199, "ioctl": 16},
    "aarch64": {"mknodat": 33, "renameat2": 276, "openat": 56, "linkat": 37, "setxattr": 5, "lsetxattr": 6,
                "fsetxattr": 7, "getxattr": 8, "lgetxattr": 9, "fgetxattr": 10, "listxattr": 11,
                "llistxattr": 12, "flistxattr": 13, "removexattr": 14, "lremovexattr": 15, "fremovexattr": 16, "ioctl": 29},
}
# Since Linux 6.1; they have one number everywhere.
NEW = {"fchmodat2": 452, "statmount": 457, "listmount": 458, "setxattrat": 463, "getxattrat": 464, "listxattrat": 465,
       "removexattrat": 466}
# Older, and alike everywhere, too.
COMMON = {"io_uring_setup": 425}

# call, argument, mask, the value that is refused (None: any but 0), errno
RULES = {
    "devices": [("mknod", 1, 0o170000, 0o020000, errno.EPERM), ("mknodat", 2, 0o170000, 0o020000, errno.EPERM)],
    "rename-whiteout": [("renameat2", 4, 4, 4, errno.EINVAL)],
    "rename-flags": [("renameat2", 4, 7, None, errno.EINVAL)],
    "tmpfile": [("openat", 2, os.O_TMPFILE, os.O_TMPFILE, errno.EOPNOTSUPP)],
    "link": [("link", 0, 0, 0, errno.EPERM), ("linkat", 0, 0, 0, errno.EPERM)],
    "io_uring": [("io_uring_setup", 0, 0, 0, errno.EPERM)],
    "fs-uuid": [("ioctl", 1, 0xffffffff, 0x80111500, errno.ENOTTY)],
    "new-calls": [(n, 0, 0, 0, errno.ENOSYS) for n in NEW],
    "xattrs": [(n, 0, 0, 0, errno.EOPNOTSUPP) for n in list(NUMBERS["x86_64"]) + list(NEW) if "xattr" in n],
}

LD, AND, JEQ, RET = 0x20, 0x54, 0x15, 0x06
ALLOW, ERRNO = 0x7fff0000, 0x00050000


def program(lacks, numbers):
    steps = []
    for lack in lacks:
        for call, argument, mask, value, error in RULES[lack]:
            if call not in numbers:
                continue
            steps += [(LD, 0, 0, 0), (JEQ, 0, 4, numbers[call]), (LD, 0, 0, 16 + 8 * argument), (AND, 0, 0, mask)]
            steps += [(JEQ, 1, 0, 0) if value is None else (JEQ, 0, 1, value), (RET, 0, 0, ERRNO | error)]
    return steps + [(RET, 0, 0, ALLOW)]


def main():
    numbers = NUMBERS.get(os.uname().machine)
    if numbers is None:
        sys.exit(77)
    steps = program(sys.argv[1].split(","), dict(numbers, **NEW, **COMMON))
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    filter_ = struct.pack("@HP", len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, filter_):
        sys.exit("seccomp: " + os.strerror(ctypes.get_errno()))
    os.execv(sys.argv[2], sys.argv[2:])


main()
