# SPDX-License-Identifier: GPL-2.0-or-later
# While a directory is listed, entries come and go: the others are seen exactly once.
layers 2
for ((i = 0; i < 100; i++)); do
	: >"$L2/stay-l$i"
	: >"$L1/go-l$i"
	: >"$U/stay-u$i"
	: >"$U/go-u$i"
done
overlay_mount
py <<'PY'
fd = os.open(M, os.O_RDONLY)
seen = []
n = 0
while True:
    some = getdents(fd, 400)
    if not some:
        break
    seen += [e[3] for e in some]
    for kind in "lu":
        for i in (n, 99 - n):
            try:
                os.unlink(M + "/go-%s%d" % (kind, i))
            except FileNotFoundError:
                pass
    write(M + "/come%d" % n, "")
    n += 1
    check(n < 1000, "the listing does not end")
eq(len(seen), len(set(seen)), "number of different names")
stay = set("stay-%s%d" % (k, i) for k in "lu" for i in range(100))
check(stay <= set(seen), "entries that stayed were not listed: %s" % sorted(stay - set(seen))[:5])
os.lseek(fd, 0, os.SEEK_SET)
again = set()
while True:
    some = getdents(fd)
    if not some:
        break
    again |= set(e[3] for e in some)
eq(again, set(os.listdir(M)) | {".", ".."}, "names after rewinding")
check(not any(x.startswith("go-") and not exists(M + "/" + x) for x in again), "a removed name is listed")
PY
