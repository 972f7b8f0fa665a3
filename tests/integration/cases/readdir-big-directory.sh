# SPDX-License-Identifier: GPL-2.0-or-later
# A directory of 100,000 entries: all listed once, and things come and go in it.
# timeout: 300
layers 2
without_check lower remount cross
py <<'PY'
for d, first in ((L, 0), (T + "/lower2", 50000)):
    os.mkdir(d + "/big")
    for i in range(50000):
        os.close(os.open("%s/big/f%06d" % (d, first + i), os.O_CREAT | os.O_WRONLY, 0o644))
PY
overlay_mount
py <<'PY'
big = M + "/big"
names = [e[3] for e in listing(big)]
eq(len(names), 100002, "entries")
eq(len(set(names)), 100002, "different entries")
write(big + "/new", "x")
os.unlink(big + "/f000000")
os.unlink(big + "/f099999")
os.rename(big + "/f050000", big + "/moved")
eq(len(os.listdir(big)), 99999, "entries after changes")
check(exists(big + "/f012345"), "a name in the middle")
with expect(errno.ENOENT):
    os.stat(big + "/f000000")
PY
is_whiteout "$U/big/f000000" "$U/big/f099999" "$U/big/f050000"
overlay_remount
same 99999 "$(find "$M/big" -mindepth 1 | wc -l)" "entries after remount"
has "$M/big/new" x
