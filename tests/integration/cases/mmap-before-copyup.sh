# SPDX-License-Identifier: GPL-2.0-or-later
# A shared mapping for reading made before copy-up shows what was written since.
py <<'PY'
write(L + "/f", b"l" * 8192)
PY
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDONLY)
m = mmap.mmap(fd, 8192, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ)
eq(m[:3], b"lll")
write(M + "/f", b"NEW", os.O_WRONLY)
eq(m[:3], b"NEW", "through the mapping")
eq(m[4096:4099], b"lll")
PY
