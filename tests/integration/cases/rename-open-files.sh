# SPDX-License-Identifier: GPL-2.0-or-later
# Descriptors of source and target stay with their files.
put "$L/a" a
put "$L/b" b
overlay_mount
py <<'PY'
a = os.open(M + "/a", os.O_RDONLY)
b = os.open(M + "/b", os.O_RDONLY)
os.rename(M + "/a", M + "/b")
eq(os.pread(a, 9, 0), b"a\n")
eq(os.pread(b, 9, 0), b"b\n")
eq(os.fstat(a).st_nlink, 1)
eq(os.fstat(a).st_ino, os.stat(M + "/b").st_ino)
w = os.open(M + "/b", os.O_WRONLY | os.O_APPEND)
os.write(w, b"+")
eq(os.pread(a, 9, 0), b"a\n+")
eq(os.pread(b, 9, 0), b"b\n")
PY
