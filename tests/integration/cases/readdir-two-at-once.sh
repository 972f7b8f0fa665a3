# SPDX-License-Identifier: GPL-2.0-or-later
# Two descriptors of one directory list independently.
layers 2
for ((i = 0; i < 60; i++)); do
	: >"$L2/two$i"
	: >"$L1/one$i"
done
overlay_mount
py <<'PY'
a, b = os.open(M, os.O_RDONLY), os.open(M, os.O_RDONLY)
one, two = [], []
while True:
    x, y = getdents(a, 200), getdents(b, 500)
    one += x
    two += y
    if not x and not y:
        break
eq(sorted(e[3] for e in one), sorted(e[3] for e in two))
eq(len(one), 122)
PY
