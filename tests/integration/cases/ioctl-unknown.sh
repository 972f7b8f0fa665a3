# SPDX-License-Identifier: GPL-2.0-or-later
# An ioctl that means nothing here is ENOTTY.
put "$L/f" text
overlay_mount
echo x >"$M/u"
py <<'PY'
for name in ("f", "u", "."):
    fd = os.open(M + "/" + name, os.O_RDONLY)
    with expect(errno.ENOTTY):
        fcntl.ioctl(fd, 0x5401, b"\0" * 64)
    with expect(errno.ENOTTY):
        fcntl.ioctl(fd, 0x80045678, b"\0" * 4)
PY
