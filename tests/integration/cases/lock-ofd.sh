# SPDX-License-Identifier: GPL-2.0-or-later
# Open file description locks exclude each other within one process.
overlay_mount
py <<'PY'
a = os.open(M + "/f", os.O_RDWR | os.O_CREAT, 0o644)
b = os.open(M + "/f", os.O_RDWR)
lock = struct.pack("=hhqqi4x", fcntl.F_WRLCK, 0, 0, 10, 0)
lock = struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 10, 0)
fcntl.fcntl(a, 37, lock)
with expect(errno.EAGAIN):
    fcntl.fcntl(b, 37, lock)
os.close(a)
fcntl.fcntl(b, 37, lock)
PY
