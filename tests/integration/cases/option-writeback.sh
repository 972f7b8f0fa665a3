# SPDX-License-Identifier: GPL-2.0-or-later
# With writeback the kernel collects writes: contents, sizes, times and set-id bits are as without.
# only: fuse
put "$L/d/f" low
put "$L/d/gone" low
cp /bin/true "$L/d/tool"
chmod 4755 "$L/d/tool"
overlay_mount -o writeback
py <<'PY'
import os, mmap
m = os.environ['M']
fd = os.open(m + '/d/f', os.O_WRONLY | os.O_APPEND)
for i in range(64):
    os.write(fd, b'%03d\n' % i)
assert os.fstat(fd).st_size == 4 + 256
os.close(fd)
fd = os.open(m + '/d/new', os.O_RDWR | os.O_CREAT, 0o644)
os.write(fd, b'x' * 10000)
os.ftruncate(fd, 5000)
os.pwrite(fd, b'yz', 4999)
assert os.fstat(fd).st_size == 5001 and os.pread(fd, 3, 4998) == b'xyz'
with mmap.mmap(fd, 5001) as map:
    map[0:2] = b'ab'
os.close(fd)
fd = os.open(m + '/d/gone', os.O_RDWR)
os.unlink(m + '/d/gone')
os.write(fd, b'LOW')
assert os.pread(fd, 9, 0)[:3] == b'LOW'
os.close(fd)
os.utime(m + '/d/new', (1000, 2000))
PY
as_id 1000 sh -c 'echo x >>"$1"' sh "$M/d/tool" 2>/dev/null && exit 1
chmod 6777 "$M/d/tool"
as_id 1000 sh -c 'echo x >>"$1"' sh "$M/d/tool"
mode_is "$M/d/tool" 777
mtime_is "$M/d/new" 2000.000000000
absent "$M/d/gone"
is_whiteout "$U/d/gone"
overlay_remount
same 2000 "$(stat -c %Y "$M/d/new")" mtime
same 260 "$(stat -c %s "$M/d/f")" size
same "$(printf "low\n00")" "$(head -c 6 "$M/d/f")" contents
same abx "$(head -c 3 "$M/d/new")" contents
mode_is "$M/d/tool" 777
