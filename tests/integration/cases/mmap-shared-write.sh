# SPDX-License-Identifier: GPL-2.0-or-later
# Writes through a shared mapping reach the file, by msync and by unmapping, and the upper layer.
# also: plain
py <<'PY'
write(L + "/f", b"l" * 20000)
PY
overlay_mount
py <<'PY'
fd = os.open(M + "/f", os.O_RDWR)
m = mmap.mmap(fd, 20000)
eq(m[:5], b"lllll")
m[0:3] = b"one"
m[10000:10003] = b"two"
m.flush()
eq(os.pread(fd, 3, 0), b"one")
eq(os.pread(fd, 3, 10000), b"two")
m[19997:20000] = b"end"
m.close()
os.close(fd)
data = read(M + "/f")
eq((data[:3], data[10000:10003], data[-3:], len(data)), (b"one", b"two", b"end", 20000))
PY
overlay_umount
same 'one two end' "$(py <<'PY'
d = read(U + "/f").decode()
print(d[:3], d[10000:10003], d[-3:])
PY
)" "upper layer"
has "$L/f" "$(printf '%*s' 20000 '' | tr ' ' l)"
overlay_mount
