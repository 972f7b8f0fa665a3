# SPDX-License-Identifier: GPL-2.0-or-later
# With passthrough=on what lies in the upper is read and written without the daemon, and all that still comes to it
# (attributes, truncation, holes, copies, syncing) agrees.
# only: fuse
shared passthrough
put "$L/low" low
passthrough_mount
py "${DAEMONS% }" <<'PY'
daemon = int(sys.argv[1])
path, real = M + "/new", U + "/new"

def agrees():
    st, up = os.stat(path), os.stat(real)
    eq((st.st_size, st.st_mtime_ns, st.st_blocks), (up.st_size, up.st_mtime_ns, up.st_blocks))

fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
os.write(fd, b"first")
eq(works_without(daemon, lambda: os.pwrite(fd, b"F", 0)), True)
eq(works_without(daemon, lambda: os.pread(fd, 5, 0)), True)
eq(read(real), b"First")
agrees()

# A second descriptor, for appending; the end is the upper's.
other = os.open(path, os.O_WRONLY | os.O_APPEND)
os.write(other, b" second")
os.pwrite(fd, b"f", 0)
os.write(other, b" third")
eq(read(path), b"first second third")
agrees()
os.close(other)

os.ftruncate(fd, 3)
eq(os.pread(fd, 100, 0), b"fir")
agrees()
fallocate(fd, 0, 0, 65536)
agrees()
os.pwrite(fd, b"end", 1 << 20)
agrees()
eq(os.lseek(fd, 65536, os.SEEK_DATA), 1 << 20)
eq(os.lseek(fd, 0, os.SEEK_END), (1 << 20) + 3)
os.ftruncate(fd, 3)

low = os.open(M + "/low", os.O_RDONLY)
eq(os.copy_file_range(low, fd, 3, 0, 3), 3)
eq(os.pread(fd, 100, 0), b"firlow")
os.fsync(fd)
os.fdatasync(fd)
agrees()

# While it is open its name goes, and comes to stand for another.
put = os.open(M + "/put", os.O_WRONLY | os.O_CREAT)
os.write(put, b"put")
os.rename(M + "/put", path)
eq(read(path), b"put")
eq(os.pread(fd, 100, 0), b"firlow")
eq(os.pwrite(fd, b"FIR", 0), 3)
eq(os.fstat(fd).st_nlink, 0)
os.unlink(path)
os.write(put, b" more")
eq(os.fstat(put).st_size, 8)
os.close(put)
os.close(fd)

fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_DIRECT)
block = mmap.mmap(-1, 4096)
block.write(b"d" * 4096)
eq(os.pwrite(fd, block, 0), 4096)
eq(os.preadv(fd, [block], 0), 4096)
eq(read(path), b"d" * 4096)
agrees()
os.close(fd)
PY
