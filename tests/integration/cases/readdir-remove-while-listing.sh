# SPDX-License-Identifier: GPL-2.0-or-later
# rm -rf of a directory that is listed while it empties: nothing is missed, nothing comes twice.
layers 2
for ((i = 0; i < 400; i++)); do
	: >"$L2/two$i"
	: >"$L1/one$i"
	: >"$U/up$i"
done
mkdir "$L1/d"
overlay_mount
py <<'PY'
fd = os.open(M, os.O_RDONLY)
count = 0
while True:
    some = getdents(fd, 1000)
    if not some:
        break
    for ino, off, kind, name in some:
        if kind == 8:
            os.unlink(M + "/" + name)
            count += 1
eq(count, 1200, "files removed")
eq(os.listdir(M), ["d"], "names left")
PY
rm -rf "${M:?}"/*
lists "$M"
overlay_remount
lists "$M"
