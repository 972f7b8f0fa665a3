# SPDX-License-Identifier: GPL-2.0-or-later
# A tree deeper than PATH_MAX: walked, written, copied up, listed, and removed.
# timeout: 180
without_check cross
py <<'PY'
os.chdir(L)
for i in range(60):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
write("low", "low")
PY
overlay_mount
py <<'PY'
os.chdir(M)
for i in range(60):
    os.chdir("d" * 200)
eq(read("low"), b"low")
write("low", "LOW", os.O_WRONLY)
write("new", "new")
os.mkdir("e" * 200)
os.rename("new", "e" * 200 + "/moved")
eq(sorted(os.listdir(".")), ["e" * 200, "low"])
with expect(errno.ENAMETOOLONG):
    os.stat(M + ("/" + "d" * 200) * 60)
PY
overlay_remount
py <<'PY'
os.chdir(M)
for i in range(60):
    os.chdir("d" * 200)
eq(read("low"), b"LOW")
eq(read("e" * 200 + "/moved"), b"new")
PY
rm -rf "${M:?}"/d*
lists "$M"
rm -rf "${L:?}"/d*
without_check lower
