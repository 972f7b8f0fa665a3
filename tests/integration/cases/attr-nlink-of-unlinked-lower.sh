# SPDX-License-Identifier: GPL-2.0-or-later
# A lower file whose only name is removed or replaced has no links, for who holds it open.
put "$L/a"
put "$L/b"
overlay_mount
py <<'PY'
a, b = os.open(M + "/a", os.O_RDONLY), os.open(M + "/b", os.O_RDONLY)
os.unlink(M + "/a")
write(M + "/n", "n")
os.rename(M + "/n", M + "/b")
eq(os.fstat(a).st_nlink, 0, "links of the removed file")
eq(os.fstat(b).st_nlink, 0, "links of the replaced file")
PY
