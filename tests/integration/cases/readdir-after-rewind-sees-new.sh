# SPDX-License-Identifier: GPL-2.0-or-later
# A descriptor that was listed to its end and rewound shows what came since.
put "$L/a"
overlay_mount
py <<'PY'
fd = os.open(M, os.O_RDONLY)
def names():
    out = []
    os.lseek(fd, 0, os.SEEK_SET)
    while True:
        some = getdents(fd)
        if not some:
            return sorted(e[3] for e in out)
        out += some
eq(names(), [".", "..", "a"])
write(M + "/b", "")
eq(names(), [".", "..", "a", "b"])
os.unlink(M + "/a")
eq(names(), [".", "..", "b"])
os.rename(M + "/b", M + "/c")
eq(names(), [".", "..", "c"])
PY
