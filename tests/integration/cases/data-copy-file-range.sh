# SPDX-License-Identifier: GPL-2.0-or-later
# copy_file_range within the mount: lower to new, within one file, beyond the end.
py <<'PY'
write(L + "/low", bytes(range(256)) * 400)
PY
overlay_mount
py <<'PY'
low = os.open(M + "/low", os.O_RDONLY)
new = os.open(M + "/new", os.O_RDWR | os.O_CREAT, 0o644)
done = 0
while done < 102400:
    n = os.copy_file_range(low, new, 102400 - done, done, done)
    check(n > 0, "copied nothing at %d" % done)
    done += n
eq(read(M + "/new"), bytes(range(256)) * 400)
eq(os.copy_file_range(low, new, 100, 102400, 0), 0, "beyond the end")
eq(os.copy_file_range(low, new, 1000, 102300, 200000), 100, "up to the end")
eq(os.fstat(new).st_size, 200100)
rw = os.open(M + "/low", os.O_RDWR)
eq(os.copy_file_range(low, rw, 256, 1, 1000), 256, "into the file that is copied up")
eq(os.pread(rw, 256, 1000), (bytes(range(256)) * 2)[1:257])
with expect(errno.EINVAL):
    os.copy_file_range(new, new, 1000, 0, 500)
with expect(errno.EBADF):
    os.copy_file_range(new, low, 10, 0, 0)
PY
size_is "$L/low" 102400
