# SPDX-License-Identifier: GPL-2.0-or-later
# Two descriptors open for writing before copy-up write one file.
put "$L/f" 0123456789
overlay_mount
py <<'PY'
a = os.open(M + "/f", os.O_RDWR)
b = os.open(M + "/f", os.O_RDWR)
c = os.open(M + "/f", os.O_RDONLY)
os.pwrite(a, b"AA", 0)
os.pwrite(b, b"BB", 4)
for fd in (a, b, c):
    eq(os.pread(fd, 20, 0), b"AA23BB6789\n")
PY
has "$U/f" AA23BB6789
