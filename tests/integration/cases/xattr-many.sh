# SPDX-License-Identifier: GPL-2.0-or-later
# A hundred xattrs on one file are all listed.
overlay_mount
py <<'PY'
write(M + "/f", "")
n = 100
for i in range(n):
    try:
        os.setxattr(M + "/f", "user.name%03d" % i, b"v%d" % i)
    except OSError as e:
        eq(e.errno, errno.ENOSPC)
        n = i
        break
check(n > 20, "only %d" % n)
eq(sorted(os.listxattr(M + "/f")), ["user.name%03d" % i for i in range(n)])
eq(os.getxattr(M + "/f", "user.name019"), b"v19")
PY
