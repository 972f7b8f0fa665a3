#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Print a tree as text, one line per entry, sorted by name, so that diff(1) compares trees.

    treedump.py [options] DIR

A line: path, then key=value words. Bytes outside printable ASCII, blanks and backslashes are
written \\xNN, so every line is plain text whatever names the tree holds.

    ./etc/passwd type=f mode=0644 uid=0 gid=0 nlink=1 size=123 mtime=1700000000.000000000 sha256=...

A directory has no size and no link count (both belong to the file system that holds it). Times are
mtimes with nanoseconds. Extended attributes come last, sorted, each `xattr:NAME=VALUE`. Those by
which an overlay speaks to itself (trusted.overlay., user.overlay., user.fuseoverlayfs.) are left
out unless --private.

    --no-nlink          leave out link counts
    --ino               show inode numbers
    --private           show the overlay's own xattrs too
    --exclude=./PATH    leave out this entry and what is below it (repeat)
    --hash              print only a sha256 of the lines
"""
import os
import stat
import sys

PRIVATE = (b"trusted.overlay.", b"user.overlay.", b"user.fuseoverlayfs.", b"trusted.fuseoverlayfs.")
TYPES = {stat.S_IFREG: "f", stat.S_IFDIR: "d", stat.S_IFLNK: "l", stat.S_IFIFO: "p",
         stat.S_IFSOCK: "s", stat.S_IFCHR: "c", stat.S_IFBLK: "b"}
PLAIN = frozenset(range(0x21, 0x7f)) - {ord("\\")}


def quote(raw):
    if PLAIN.issuperset(raw):
        return raw.decode("ascii")
    return "".join(chr(b) if b in PLAIN else "\\x%02x" % b for b in raw)


def digest(fd):
    total = sha256()
    while True:
        block = os.read(fd, 1 << 20)
        if not block:
            return total.hexdigest()
        total.update(block)


def look_open(path, flags):
    """Open without leaving a mark: looking must not change the atimes of what is looked at."""
    try:
        return os.open(path, flags | os.O_NOATIME | os.O_NOFOLLOW | os.O_CLOEXEC)
    except PermissionError:
        return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC)


def seconds(ns):
    """Nanoseconds since the epoch as seconds; -1 ns is -1.999999999, as the disk has it."""
    whole, part = divmod(ns, 1000000000)
    return "%d.%09d" % (whole, part)


def xattrs(path, opt):
    try:
        names = os.listxattr(path, follow_symlinks=False)
    except OSError as e:
        return ["" if e.errno in (95, 22) else "xattrs=%s" % os.strerror(e.errno).replace(" ", "_")]
    out = []
    for name in sorted(os.fsencode(n) for n in names):
        if not opt.private and name.startswith(PRIVATE):
            continue
        try:
            value = quote(os.getxattr(path, name, follow_symlinks=False))
        except OSError as e:
            value = "!" + os.strerror(e.errno).replace(" ", "_")
        out.append("xattr:%s=%s" % (quote(name), value))
    return out


def words(path, st, opt, links):
    kind = stat.S_IFMT(st.st_mode)
    out = ["type=" + TYPES.get(kind, "?"), "mode=%04o" % stat.S_IMODE(st.st_mode),
           "uid=%d" % st.st_uid, "gid=%d" % st.st_gid]
    if opt.ino:
        out.append("ino=%d" % st.st_ino)
    if kind != stat.S_IFDIR:
        if opt.nlink:
            out.append("nlink=%d" % st.st_nlink)
        if kind in (stat.S_IFREG, stat.S_IFLNK):
            out.append("size=%d" % st.st_size)
    out.append("mtime=" + seconds(st.st_mtime_ns))
    if kind in (stat.S_IFCHR, stat.S_IFBLK):
        out.append("rdev=%d:%d" % (os.major(st.st_rdev), os.minor(st.st_rdev)))
    if kind == stat.S_IFLNK:
        out.append("target=" + quote(os.readlink(path)))
    if kind == stat.S_IFREG:
        key = (st.st_dev, st.st_ino)
        known = links.get(key) if st.st_nlink > 1 else None
        if known is None:
            try:
                fd = look_open(path, os.O_RDONLY)
            except OSError as e:
                known = "!" + os.strerror(e.errno).replace(" ", "_")
            else:
                try:
                    known = digest(fd)
                except OSError as e:
                    known = "!" + os.strerror(e.errno).replace(" ", "_")
                finally:
                    os.close(fd)
            if st.st_nlink > 1:
                links[key] = known
        out.append("sha256=" + known)
    out.extend(w for w in xattrs(path, opt) if w)
    return out


def dump(shown, name, opt, links, out):
    """The entry `name` of the current directory, and all below it; `shown` is what it is called.

    Goes down by chdir(2), so that a tree may be deeper than PATH_MAX.
    """
    if shown in opt.exclude:
        return 0
    try:
        st = os.lstat(name)
    except OSError as e:
        out.write("%s !%s\n" % (quote(shown), os.strerror(e.errno).replace(" ", "_")))
        return 1
    out.write("%s %s\n" % (quote(shown), " ".join(words(name, st, opt, links))))
    if not stat.S_ISDIR(st.st_mode):
        return 0
    try:
        fd = look_open(name, os.O_RDONLY | os.O_DIRECTORY)
        try:
            names = sorted(os.fsencode(child) for child in os.listdir(fd))
        finally:
            os.close(fd)
        os.chdir(name)
    except OSError as e:
        out.write("%s !list:%s\n" % (quote(shown), os.strerror(e.errno).replace(" ", "_")))
        return 1
    bad = 0
    for child in names:
        bad |= dump(shown + b"/" + child, child, opt, links, out)
    if name != b".":
        os.chdir("..")
    return bad


def sha256():
    """Imported where it is used: a case of the integration suite starts this program five times or more, and to
    start is most of what it does. For the same reason options are not read by argparse."""
    import hashlib
    return hashlib.sha256()


class Options:
    def __init__(self, words):
        self.nlink = "--no-nlink" not in words
        self.ino = "--ino" in words
        self.private = "--private" in words
        self.hash = "--hash" in words
        self.exclude = [os.fsencode(w[10:]) for w in words if w.startswith("--exclude=")]
        dirs = [w for w in words if not w.startswith("--exclude=")
                and w not in ("--no-nlink", "--ino", "--private", "--hash")]
        if len(dirs) != 1 or dirs[0].startswith("-"):
            sys.exit(__doc__)
        self.dir = dirs[0]


def main():
    opt = Options(sys.argv[1:])
    sys.setrecursionlimit(20000)
    os.chdir(opt.dir)

    class Hash:
        def __init__(self):
            self.total = sha256()

        def write(self, text):
            self.total.update(text.encode("ascii"))

    out = Hash() if opt.hash else sys.stdout
    bad = dump(b".", b".", opt, {}, out)
    if opt.hash:
        print(out.total.hexdigest())
    return bad


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        sys.exit(1)
