# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# Requests come over io_uring: names, data of all sizes, listings and xattrs, from clients on each processor; and
# what the kernel forgets (which comes over /dev/fuse) is forgotten.
# only: fuse
shared io-uring
put "$L/d/f" low
for ((i = 0; i < 300; i++)); do put "$L/many/name-$i" "$i"; done
overlay_mount
uses_rings
for processor in $(seq 0 $(($(nproc) - 1))); do
	taskset -c "$processor" "$PYTHON" -B -S - "$M" "$processor" <<'PY' 2>/dev/null || fail "on processor $processor"
import os, sys
m, n = sys.argv[1:]
d = m + '/on' + n
os.mkdir(d)
fd = os.open(d + '/f', os.O_RDWR | os.O_CREAT)
at = 0
for size in 1, 40, 168, 4095, 4096, 4097, 131072, 1048575, 1048576, 1048577, 3000001:
    data = os.urandom(size)
    assert os.pwrite(fd, data, at) == size
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    assert os.pread(fd, size, at) == data, size
    at += size
os.fsync(fd)
os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
assert os.fstat(fd).st_size == at
os.close(fd)
value = os.urandom(3000)
os.setxattr(d, 'user.x', value)
assert os.getxattr(d, 'user.x') == value and 'user.x' in os.listxattr(d)
os.symlink('t' * 3000, d + '/link')
assert os.readlink(d + '/link') == 't' * 3000
os.rename(d + '/f', d + '/g' * 1)
names = os.listdir(m + '/many')
assert len(names) == 300 and all(open(m + '/many/' + x).read() == x[5:] + '\n' for x in names)
try:
    os.rmdir(d)
    sys.exit('it is not empty')
except OSError:
    pass
PY
done
echo more >>"$M/d/f"
has "$M/d/f" $'low\nmore'
drop_caches 3
has "$M/many/name-7" 7
uses_rings
