# SPDX-License-Identifier: GPL-2.0-or-later
# A flock taken before copy-up excludes others after it.
put "$L/f" text
overlay_mount
py <<'PY'
a = os.open(M + "/f", os.O_RDONLY)
fcntl.flock(a, fcntl.LOCK_EX)
write(M + "/f", "TEXT", os.O_WRONLY)
b = os.open(M + "/f", os.O_RDWR)
with expect(errno.EWOULDBLOCK):
    fcntl.flock(b, fcntl.LOCK_EX | fcntl.LOCK_NB)
with expect(errno.EWOULDBLOCK):
    fcntl.flock(b, fcntl.LOCK_SH | fcntl.LOCK_NB)
fcntl.flock(a, fcntl.LOCK_UN)
fcntl.flock(b, fcntl.LOCK_EX | fcntl.LOCK_NB)
PY
