# SPDX-License-Identifier: GPL-2.0-or-later
# Copy-up keeps all xattrs, empty and big ones, of files and directories.
put "$L/f" text
mkdir "$L/d"
py <<'PY'
for p in (L + "/f", L + "/d"):
    os.setxattr(p, "user.empty", b"")
    os.setxattr(p, "user.binary", bytes(range(256)))
    os.setxattr(p, "user.big", b"x" * 1500)
PY
overlay_mount
chmod 700 "$M/f" "$M/d"
py <<'PY'
for base in (M, U):
    for p in (base + "/f", base + "/d"):
        eq(os.getxattr(p, "user.empty"), b"")
        eq(os.getxattr(p, "user.binary"), bytes(range(256)))
        eq(os.getxattr(p, "user.big"), b"x" * 1500)
for p in (M + "/f", M + "/d"):
    eq(sorted(os.listxattr(p)), ["user.big", "user.binary", "user.empty"])
PY
