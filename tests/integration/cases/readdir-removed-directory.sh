# SPDX-License-Identifier: GPL-2.0-or-later
# A directory removed while open lists nothing, and nothing can be made in it.
put "$L/low/f"
mkdir "$U/up"
overlay_mount
py <<'PY'
for name in ("up", "low"):
    fd = os.open(M + "/" + name, os.O_RDONLY)
    for child in os.listdir(M + "/" + name):
        os.unlink(M + "/" + name + "/" + child)
    os.rmdir(M + "/" + name)
    try:
        left = [e[3] for e in getdents(fd)]
    except OSError as e:
        eq(e.errno, errno.ENOENT, "errno of listing")
        left = []
    check(set(left) <= {".", ".."}, "%s lists %s" % (name, left))
    with expect(errno.ENOENT):
        os.open("new", os.O_CREAT | os.O_WRONLY, 0o600, dir_fd=fd)
    with expect(errno.ENOENT):
        os.mkdir("new", dir_fd=fd)
    os.close(fd)
PY
