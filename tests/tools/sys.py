#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One system call, named on the command line, and nothing else: no lookups before it, no fallback.

    sys.py rename OLD NEW [noreplace|exchange|whiteout]...
    sys.py link|symlink OLD NEW          sys.py linkfollow OLD NEW
    sys.py unlink|rmdir|readlink|stat|list PATH
    sys.py mkdir PATH [MODE]             sys.py mknod PATH f|p|s|c|b [MAJOR MINOR [MODE]]
    sys.py open PATH FLAG,... [MODE]     FLAG: rdonly wronly rdwr creat excl trunc append directory
                                         nofollow path tmpfile direct
    sys.py chmod PATH MODE               sys.py chown|lchown PATH UID GID
    sys.py truncate PATH SIZE            sys.py write PATH TEXT [OFFSET]  (no creation, no truncation)
    sys.py utimes PATH ATIME MTIME       times are SECONDS[.NANOSECONDS], `now` or `omit`
    sys.py setxattr PATH NAME VALUE [create|replace]
    sys.py getxattr|removexattr PATH NAME
    sys.py access PATH [rwx]
    sys.py enable_verity PATH [ALGORITHM]   fs-verity: 1 (SHA-256), 2 (SHA-512)
    sys.py measure_verity PATH           prints ALGORITHM DIGEST

A failure prints the error in the words of strerror(3), and ends with status 1.
"""
import os
import stat
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ovltest  # noqa: E402  (found beside this file)

TYPES = {"f": stat.S_IFREG, "p": stat.S_IFIFO, "s": stat.S_IFSOCK, "c": stat.S_IFCHR, "b": stat.S_IFBLK}
RENAMES = {"noreplace": 1, "exchange": 2, "whiteout": 4}
XATTRS = {"create": os.XATTR_CREATE, "replace": os.XATTR_REPLACE}


def do_rename(old, new, *flags):
    ovltest.renameat2(old, new, sum(RENAMES[f] for f in flags))


def do_link(old, new):
    ovltest.linkat(-100, old, -100, new)


def do_linkfollow(old, new):
    ovltest.linkat(-100, old, -100, new, ovltest.AT_SYMLINK_FOLLOW)


def do_mkdir(path, mode="0777"):
    os.mkdir(path, int(mode, 8))


def do_mknod(path, kind, major="0", minor="0", mode="0644"):
    os.mknod(path, TYPES[kind] | int(mode, 8), os.makedev(int(major), int(minor)))


def do_open(path, flags, mode="0666"):
    value = 0
    for name in flags.split(","):
        value |= getattr(os, "O_" + name.upper())
    os.close(os.open(path, value, int(mode, 8)))


def do_write(path, text, offset="0"):
    fd = os.open(path, os.O_WRONLY)
    os.pwrite(fd, text.encode(), int(offset))
    os.close(fd)


def do_utimes(path, atime, mtime):
    def pair(word):
        if word == "now":
            return (0, ovltest.UTIME_NOW)
        if word == "omit":
            return (0, ovltest.UTIME_OMIT)
        whole, _, part = word.partition(".")
        return (int(whole), int((part + "0" * 9)[:9]))
    ovltest.utimensat(path, pair(atime), pair(mtime))


def do_setxattr(path, name, value, *flags):
    os.setxattr(path, name, os.fsencode(value), sum(XATTRS[f] for f in flags), follow_symlinks=False)


def do_getxattr(path, name):
    print(os.fsdecode(os.getxattr(path, name, follow_symlinks=False)))


def do_removexattr(path, name):
    os.removexattr(path, name, follow_symlinks=False)


def do_access(path, modes="f"):
    ovltest.access(path, sum({"f": 0, "r": 4, "w": 2, "x": 1}[m] for m in modes))


def do_measure_verity(path):
    with open(path, "rb") as file:
        answer = ovltest.measure_verity(file.fileno())
    print(*answer)


def do_enable_verity(path, algorithm="1"):
    with open(path, "rb") as file:
        ovltest.enable_verity(file.fileno(), int(algorithm))


CALLS = {
    "rename": do_rename, "link": do_link, "linkfollow": do_linkfollow, "symlink": os.symlink,
    "unlink": os.unlink, "rmdir": os.rmdir, "mkdir": do_mkdir, "mknod": do_mknod, "open": do_open,
    "readlink": lambda p: print(os.readlink(p)), "stat": os.lstat,
    "list": lambda p: print("\n".join(os.listdir(p))),
    "chmod": lambda p, m: os.chmod(p, int(m, 8)),
    "chown": lambda p, u, g: os.chown(p, int(u), int(g)),
    "lchown": lambda p, u, g: os.lchown(p, int(u), int(g)),
    "truncate": lambda p, n: os.truncate(p, int(n)), "write": do_write, "utimes": do_utimes,
    "setxattr": do_setxattr, "getxattr": do_getxattr, "removexattr": do_removexattr,
    "access": do_access, "enable_verity": do_enable_verity, "measure_verity": do_measure_verity,
}

if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in CALLS:
        sys.exit(__doc__)
    try:
        CALLS[sys.argv[1]](*sys.argv[2:])
    except OSError as error:
        print("%s: %s" % (" ".join(sys.argv[1:])[:200], os.strerror(error.errno)), file=sys.stderr)
        sys.exit(1)
