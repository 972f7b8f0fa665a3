# SPDX-License-Identifier: GPL-2.0-or-later
# Five hundred files of the lower layer open at once, each written through its descriptor.
for ((i = 0; i < 500; i++)); do echo "$i" >"$L/f$i"; done
overlay_mount
py <<'PY'
fds = [os.open("%s/f%d" % (M, i), os.O_RDWR) for i in range(500)]
for i, fd in enumerate(fds):
    eq(os.pread(fd, 9, 0), b"%d\n" % i)
    os.pwrite(fd, b"X", 0)
for i, fd in enumerate(fds):
    eq(os.pread(fd, 1, 0), b"X")
    os.unlink("%s/f%d" % (M, i))
for i, fd in enumerate(fds):
    os.pwrite(fd, b"Y", 0)
    eq(os.pread(fd, 1, 0), b"Y")
eq(os.listdir(M), [])
PY
