# SPDX-License-Identifier: GPL-2.0-or-later
# A FIFO has no flags, and asking does not hang.
mkfifo "$L/p"
overlay_mount
py <<'PY'
fd = os.open(M + "/p", os.O_RDONLY | os.O_NONBLOCK)
with expect(errno.ENOTTY, errno.EOPNOTSUPP):
    getflags(fd)
PY
