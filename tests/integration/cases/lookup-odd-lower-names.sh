# SPDX-License-Identifier: GPL-2.0-or-later
# Odd names in a lower layer are found, listed, copied up and whited out.
py <<'PY'
base = os.fsencode(L)
names = [b"a b", b"new\nline", b"\xff\xfe", b"...", b"comma,colon:", b"back\\slash", b"*?["]
for n in names:
    with open(base + b"/" + n, "wb") as f:
        f.write(n)
PY
overlay_mount
py <<'PY'
base = os.fsencode(M)
up = os.fsencode(U)
names = sorted(os.listdir(base))
eq(len(names), 7, "number of names")
for n in names[:4]:
    with open(base + b"/" + n, "ab") as f:
        f.write(b"+")
    eq(read(up + b"/" + n), n + b"+")
for n in names[4:]:
    os.unlink(base + b"/" + n)
    st = os.lstat(up + b"/" + n)
    check(stat.S_ISCHR(st.st_mode) and st.st_rdev == 0, "whiteout of %r" % n)
eq(sorted(os.listdir(base)), names[:4], "names")
PY
