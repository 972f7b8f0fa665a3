# SPDX-License-Identifier: GPL-2.0-or-later
# Ten rounds of operations on hard links, by us and by the kernel in turn, are as on a plain directory.
# The options are the case's.
[ "$FS" = fuse ] || skip "both take part already"
redirects_on
mkdir "$L/d" "$L/e"
for i in 1 2 3 4 5 6; do
	put "$L/f$i" "text $i"
	ln "$L/f$i" "$L/d/g$i"
	ln "$L/f$i" "$L/e/h$i"
done
ln -s target "$L/s1"
[ "$AS" != root ] || ln "$L/s1" "$L/d/s2"
cp -a "$L" "$T/plain"

# Random operations on the mount and on the plain directory; then both must be alike.
cat >"$T/ops.py" <<'PY'
import random
rng = random.Random(int(sys.argv[1]))
P = T + "/plain"

def names(top):
    return sorted(os.path.relpath(os.path.join(where, name), top)
                  for where, dirs, files in os.walk(top) for name in files)

def operate(top, rng):
    have = names(top)
    if not have:
        return
    a, b = rng.choice(have), rng.choice(have)
    new = rng.choice(["", "d/", "e/"]) + "n%d" % rng.randrange(30)
    what = rng.randrange(8)
    a, b, new = (os.path.join(top, x) for x in (a, b, new))
    if what <= 1 and not os.path.islink(a):
        with open(a, "a") as f:
            f.write("%d\n" % rng.randrange(1000))
    elif what == 2 and not os.path.islink(a):
        os.chmod(a, rng.choice([0o600, 0o644, 0o755]))
    elif what == 3 and len(have) > 9:
        os.unlink(a)
    elif what == 4 and not os.path.lexists(new):
        os.link(a, new, follow_symlinks=False)
    elif what == 5 and len(have) > 9:
        os.rename(a, b)
    elif what == 6:
        os.rename(a, new)
    elif what == 7 and not os.path.lexists(new):
        with open(new, "w") as f:
            f.write("new\n")

def state(top):
    first, out = {}, []
    for name in names(top):
        path = os.path.join(top, name)
        st = os.lstat(path)
        text = os.readlink(path) if os.path.islink(path) else open(path).read()
        same = first.setdefault(st.st_ino, name)
        out.append((name, text, oct(st.st_mode), st.st_nlink, same))
    return out

for _ in range(int(sys.argv[2])):
    seed = rng.random()
    for top in (M, P):
        operate(top, random.Random(seed))
eq(state(M), state(P), "files, contents, modes, link counts, inodes")
PY

other=fuse
[ "$AS" != root ] || [ -z "$CROSS" ] || other=kernel
seed=${SEED:-0}
for round in 1 2 3 4 5 6 7 8 9 10; do
	for writer in fuse $other; do
		FS=$writer overlay_mount
		seed=$((seed + 1))
		py $seed 25 <"$T/ops.py"
		treedump --ino "$M" | grep -v 'type=d' >"$T/here"
		FS=$writer overlay_umount
		reader=$other
		[ "$writer" = fuse ] || reader=fuse
		FS=$reader overlay_mount
		py 0 0 <"$T/ops.py"
		treedump --ino "$M" | grep -v 'type=d' >"$T/there"
		FS=$reader overlay_umount
		[ "$AS" = root ] || sed -i '/ type=[^f]/s/ ino=[0-9]*//' "$T/here" "$T/there"
		diff -u "$T/here" "$T/there" >&2 || fail "round $round: $writer wrote, $reader sees something else"
	done
done
overlay_mount
