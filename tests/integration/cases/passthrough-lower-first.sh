# SPDX-License-Identifier: GPL-2.0-or-later
# With passthrough=on a lower file is opened for the kernel's cache, and stays so when it is copied up until all have
# closed it; whoever opens it meanwhile sees the same. From then on it is passed through.
# only: fuse
shared passthrough
put "$L/f" low
passthrough_mount
py "${DAEMONS% }" <<'PY'
daemon = int(sys.argv[1])
path = M + "/f"
reader = os.open(path, os.O_RDONLY)
eq(os.pread(reader, 100, 0), b"low\n")
eq(os.path.exists(U + "/f"), False)
writer = os.open(path, os.O_RDWR)
eq(os.path.exists(U + "/f"), False)     # nothing is copied up for an open alone
os.pwrite(writer, b"LOW", 0)
eq(read(U + "/f"), b"LOW\n")
eq(os.pread(reader, 100, 0), b"LOW\n")
eq(works_without(daemon, lambda: os.pwrite(writer, b"l", 0)), False)
third = os.open(path, os.O_WRONLY | os.O_APPEND)
os.write(third, b"more")
mapped = mmap.mmap(writer, 8)
for fd in reader, writer, third:
    eq(os.fstat(fd).st_size, 8)
    os.close(fd)
eq(mapped[:8], b"lOW\nmore")
late = os.open(path, os.O_RDWR)         # a mapping keeps it open
os.pwrite(late, b"LATE", 4)
eq(mapped[:8], b"lOW\nLATE")
mapped[0:1] = b"L"
eq(os.pread(late, 3, 0), b"LOW")
mapped.close()
os.close(late)
eq(read(U + "/f"), b"LOW\nLATE")
eq(read(path), b"LOW\nLATE")
fd = open_passed_through(daemon, path, b"y", 0)
eq(os.pread(fd, 100, 0), b"yOW\nLATE")
os.close(fd)
eq(read(path), b"yOW\nLATE")
PY
