# SPDX-License-Identifier: GPL-2.0-or-later
# A private mapping is not written back.
put "$L/f" 0123456789
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDONLY)
m = mmap.mmap(fd, 11, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE)
m[0:3] = b"abc"
eq(m[:5], b"abc34")
eq(os.pread(fd, 5, 0), b"01234")
PY
has "$M/f" 0123456789
not_in_upper f
