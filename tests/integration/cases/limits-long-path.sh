# SPDX-License-Identifier: GPL-2.0-or-later
# A path of 4095 bytes is opened, one of 4096 is ENAMETOOLONG.
overlay_mount
py <<'PY'
base = M
parts = []
while len(base) + 101 < 4000:
    base += "/" + "p" * 100
    os.mkdir(base)
path = base + "/" + "f" * (4095 - len(base) - 1)
write(path, "x")
eq(read(path), b"x")
with expect(errno.ENAMETOOLONG):
    os.stat(path + "f")
PY
without_check cross remount
