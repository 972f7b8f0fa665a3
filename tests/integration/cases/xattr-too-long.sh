# SPDX-License-Identifier: GPL-2.0-or-later
# A name of more than 255 bytes, and a value of more than 64 KiB, are refused.
overlay_mount
py <<'PY'
write(M + "/f", "")
with expect(errno.ERANGE):
    os.setxattr(M + "/f", "user." + "n" * 251, b"")
os.setxattr(M + "/f", "user." + "n" * 250, b"v")
eq(os.getxattr(M + "/f", "user." + "n" * 250), b"v")
with expect(errno.E2BIG):
    os.setxattr(M + "/f", "user.big", b"x" * 65537)
with expect(errno.EOPNOTSUPP):
    os.setxattr(M + "/f", "nonsense.name", b"x")
PY
