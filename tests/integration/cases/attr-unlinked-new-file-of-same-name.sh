# SPDX-License-Identifier: GPL-2.0-or-later
# A new file under the name of one that is still open is another file.
put "$L/f" low
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDONLY)
os.unlink(M + "/f")
write(M + "/f", "new")
eq(os.pread(fd, 9, 0), b"low\n")
check(os.fstat(fd).st_ino != os.stat(M + "/f").st_ino, "the inode numbers are the same")
fd2 = os.open(M + "/f", os.O_RDWR)
os.unlink(M + "/f")
write(M + "/f", "newer")
os.pwrite(fd2, b"NEW", 0)
eq(read(M + "/f"), b"newer")
eq(os.pread(fd2, 9, 0), b"NEW")
eq(os.pread(fd, 9, 0), b"low\n")
PY
has "$M/f" newer
