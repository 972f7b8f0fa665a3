# SPDX-License-Identifier: GPL-2.0-or-later
# Who holds a file of the index open keeps it when its last name goes.
index_on
put "$L/a" text
ln "$L/a" "$L/b"
put "$L/c" text
ln "$L/c" "$L/d"
overlay_mount
py <<'PY'
for first, second in (("a", "b"), ("c", "d")):
    fd = os.open(M + "/" + first, os.O_RDWR)
    if first == "c":
        os.pwrite(fd, b"TEXT", 0)
    os.unlink(M + "/" + second)
    eq(os.fstat(fd).st_nlink, 1, "links of " + first)
    os.unlink(M + "/" + first)
    eq(os.fstat(fd).st_nlink, 0, "links without a name")
    os.pwrite(fd, b"more", 5)
    eq(os.pread(fd, 99, 0), b"TEXT\nmore" if first == "c" else b"text\nmore", "content")
    os.ftruncate(fd, 2)
    eq(os.fstat(fd).st_size, 2, "size")
    os.close(fd)
PY
lists "$M"
same '' "$(find "$W/index" -mindepth 1 ! -name '#*' 2>/dev/null || true)" "what is in the index"
