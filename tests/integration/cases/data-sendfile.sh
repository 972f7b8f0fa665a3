# SPDX-License-Identifier: GPL-2.0-or-later
# sendfile and splice from the mount and into it.
py <<'PY'
write(L + "/f", bytes(range(256)) * 1000)
PY
overlay_mount
py <<'PY'
src = os.open(M + "/f", os.O_RDONLY)
dst = os.open(M + "/g", os.O_RDWR | os.O_CREAT, 0o644)
done = 0
while done < 256000:
    done += os.sendfile(dst, src, done, 256000 - done)
eq(read(M + "/g"), bytes(range(256)) * 1000)
r, w = os.pipe()
n = os.splice(src, w, 4096, offset_src=100)
eq(os.read(r, 5000), (bytes(range(256)) * 17)[100:100 + n])
os.write(w, b"from a pipe")
os.splice(r, dst, 11, offset_dst=5)
eq(os.pread(dst, 11, 5), b"from a pipe")
PY
