# SPDX-License-Identifier: GPL-2.0-or-later
# With O_APPEND the offset after a write is the end of the file.
put "$L/f" 12345
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR | os.O_APPEND)
eq(os.lseek(fd, 0, os.SEEK_CUR), 0)
os.write(fd, b"678")
eq(os.lseek(fd, 0, os.SEEK_CUR), 9)
eq(os.pread(fd, 20, 0), b"12345\n678")
PY
