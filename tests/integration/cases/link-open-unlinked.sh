# SPDX-License-Identifier: GPL-2.0-or-later
# A file without a name cannot be linked by its number under /proc, where Linux does not allow it.
put "$L/f" f
overlay_mount
py <<'PY'
write(M + "/u", "u")
for name in ("f", "u"):
    fd = os.open(M + "/" + name, os.O_RDWR)
    os.unlink(M + "/" + name)
    with expect(errno.ENOENT):
        linkat(-100, "/proc/self/fd/%d" % fd, -100, M + "/again", AT_SYMLINK_FOLLOW)
    os.close(fd)
eq(os.listdir(M), [])
PY
