# SPDX-License-Identifier: GPL-2.0-or-later
# Each entry renamed as it is listed: the listing ends, though every rename makes a new name.
layers 2
for ((i = 0; i < 100; i++)); do : >"$L2/two$i"; : >"$L1/one$i"; done
overlay_mount
py <<'PY'
fd = os.open(M, os.O_RDONLY)
listed = 0
n = 0
while True:
    some = [e[3] for e in getdents(fd, 200) if e[2] == 8]
    if not some:
        break
    for name in some:
        os.rename(M + "/" + name, "%s/new%d" % (M, n))
        n += 1
    check(n < 2000, "the listing does not end")
eq(len(os.listdir(M)), 200)
PY
