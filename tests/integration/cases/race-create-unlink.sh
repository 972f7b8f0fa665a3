# SPDX-License-Identifier: GPL-2.0-or-later
# Four processes make, rename and remove the same names at once: no error but the expected ones.
put "$L/a" low
put "$L/b" low
put "$L/d/x"
overlay_mount
for p in 1 2 3 4; do
	py "$p" <<'PY' &
import random
random.seed(int(sys.argv[1]))
names = ["a", "b", "c", "d/x", "d/y"]
fine = (errno.ENOENT, errno.EEXIST, errno.ESTALE)
for i in range(300):
    x, y = M + "/" + random.choice(names), M + "/" + random.choice(names)
    try:
        what = random.randrange(6)
        if what == 0:
            write(x, "data")
        elif what == 1:
            os.unlink(x)
        elif what == 2:
            os.rename(x, y)
        elif what == 3:
            os.link(x, y)
        elif what == 4:
            os.stat(x)
        else:
            os.listdir(M + "/d")
    except OSError as e:
        check(e.errno in fine, "%s of %s and %s" % (errno.errorcode[e.errno], x, y))
PY
	pids[p]=$!
done
for p in 1 2 3 4; do wait "${pids[p]}"; done
py <<'PY'
for d in (M, M + "/d"):
    for name in os.listdir(d):
        os.lstat(d + "/" + name)
PY
