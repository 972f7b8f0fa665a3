# SPDX-License-Identifier: GPL-2.0-or-later
# telldir and seekdir while entries come and go: from an offset that a listing gave, those that stayed are
# seen as before, each once, whichever of them the offset belonged to.
layers 2
for ((i = 0; i < 150; i++)); do
	: >"$L2/stay$i"
	: >"$L1/go$i"
	: >"$U/also$i"
done
overlay_mount
py <<'PY'
def rest(fd):
    names = []
    while True:
        some = getdents(fd, 512)
        if not some:
            return names
        names += [e[3] for e in some]

fd = os.open(M, os.O_RDONLY)
entries = []
while True:
    some = getdents(fd, 512)
    if not some:
        break
    entries += some
order = [e[3] for e in entries]
stays = [n for n in order if not n.startswith("go")]
for i in range(0, 150, 3):
    os.unlink(M + "/go%d" % i)
    write(M + "/new%d" % i, "")
for i in (0, 3, 77, 200, 333, len(entries) - 1):
    os.lseek(fd, entries[i][1], os.SEEK_SET)
    got = rest(fd)
    want = [n for n in order[i + 1:] if n in stays]
    eq([n for n in got if n in stays], want, "what stayed, after the %d-th" % i)
    eq(len(got), len(set(got)), "number of different names after the %d-th" % i)
for i in range(150):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(M + "/go%d" % i)
os.lseek(fd, entries[100][1], os.SEEK_SET)
eq([n for n in rest(fd) if n in stays], [n for n in order[101:] if n in stays], "when the others are gone")
os.lseek(fd, 0, os.SEEK_SET)
eq(sorted(n for n in rest(fd) if n not in (".", "..")), sorted(os.listdir(M)), "after rewinding")
PY
