# SPDX-License-Identifier: GPL-2.0-or-later
# A lower file removed while open is read, and then changed, through its descriptor.
put "$L/f" text
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR)
os.unlink(M + "/f")
eq(os.pread(fd, 9, 0), b"text\n")
os.fchmod(fd, 0o600)
eq(stat.S_IMODE(os.fstat(fd).st_mode), 0o600)
os.ftruncate(fd, 2)
eq(os.pread(fd, 9, 0), b"te")
eq(os.fstat(fd).st_nlink, 0)
PY
has "$L/f" text
mode_is "$L/f" 644
