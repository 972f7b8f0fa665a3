# SPDX-License-Identifier: GPL-2.0-or-later
# Written through a descriptor whose name is gone: the data is there, the upper layer has no name.
put "$L/f" old
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR)
os.unlink(M + "/f")
os.pwrite(fd, b"NEW", 0)
eq(os.pread(fd, 10, 0), b"NEW\n")
eq(os.fstat(fd).st_nlink, 0)
PY
is_whiteout "$U/f"
lists "$U" f
has "$L/f" old
