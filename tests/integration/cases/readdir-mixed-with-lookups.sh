# SPDX-License-Identifier: GPL-2.0-or-later
# Entries looked up before a listing, during it and after it are the same objects.
layers 2
for ((i = 0; i < 30; i++)); do
	put "$L2/f$i" "two $i"
	put "$L1/g$i" "one $i"
done
overlay_mount
py <<'PY'
before = {n: os.lstat(M + "/" + n).st_ino for n in ("f0", "g0", "f29")}
got = {e[3]: e[0] for e in listing(M)}
for e in os.scandir(M):
    eq(e.inode(), e.stat(follow_symlinks=False).st_ino, e.name)
for n, ino in before.items():
    eq(got[n], ino, n)
eq(len(set(got.values())), len(got) - (1 if got["."] == got[".."] else 0), "different inodes")
PY
