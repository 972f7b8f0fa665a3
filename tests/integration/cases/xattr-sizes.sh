# SPDX-License-Identifier: GPL-2.0-or-later
# Getting with a size of 0 tells the size, with too small a buffer ERANGE; empty values exist.
py <<'PY'
write(L + "/f", "x")
os.setxattr(L + "/f", "user.v", b"12345")
os.setxattr(L + "/f", "user.none", b"")
PY
overlay_mount
py <<'PY'
def get(path, name, size):
    buf = ctypes.create_string_buffer(size or 1)
    n = libc.getxattr(os.fsencode(path), name, buf, size)
    return (n, ctypes.get_errno() if n < 0 else buf.raw[:n if size else 0])
for p in (M + "/f",):
    eq(get(p, b"user.v", 0), (5, b""))
    eq(get(p, b"user.v", 5), (5, b"12345"))
    eq(get(p, b"user.v", 4), (-1, errno.ERANGE))
    eq(get(p, b"user.none", 10), (0, b""))
    buf = ctypes.create_string_buffer(100)
    n = libc.listxattr(os.fsencode(p), None, 0)
    eq(n, len("user.v") + len("user.none") + 2, "size of the list")
    eq(libc.listxattr(os.fsencode(p), buf, n - 1), -1)
    eq(ctypes.get_errno(), errno.ERANGE)
PY
