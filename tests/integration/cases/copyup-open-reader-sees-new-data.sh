# SPDX-License-Identifier: GPL-2.0-or-later
# A descriptor opened for reading before copy-up reads the new data, and names the same inode.
put "$L/f" 'old content'
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDONLY)
eq(os.pread(fd, 100, 0), b"old content\n")
before = os.fstat(fd)
write(M + "/f", "NEW", os.O_WRONLY)
eq(os.pread(fd, 100, 0), b"NEW content\n", "read through the old descriptor")
write(M + "/f", "appended\n", os.O_WRONLY | os.O_APPEND)
eq(os.pread(fd, 100, 12), b"appended\n")
after = os.fstat(fd)
eq((after.st_ino, after.st_dev), (before.st_ino, before.st_dev), "inode")
eq(after.st_size, 21, "size")
eq(os.stat(M + "/f").st_ino, before.st_ino, "inode by name")
PY
