# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# Whoever owns the layers makes, renames and removes things in them while they are mounted: views may make no
# sense, but nothing of outside is seen or touched, and the daemon lives.
# only: fuse
shared hostile-walk
layers 2
py <<'PY' &
import random
random.seed(1)
roots = [os.path.join(T, layer) for layer in ("lower", "lower2", "upper")]

def anywhere():
    path = random.choice(roots) + "/" + random.choice("abcdef")
    return path + random.choice(("", "", "/f", "/d", "/d/g", "/new"))

def act():
    path, other = anywhere(), anywhere()
    return random.choice((
        lambda: os.mkdir(path), lambda: write(path, "inside\n"), lambda: os.mkfifo(path),
        lambda: os.symlink("../outside", path), lambda: os.symlink("../../outside/d", path),
        lambda: os.rename(path, other), lambda: renameat2(path, other, RENAME_EXCHANGE),
        lambda: os.unlink(path), lambda: os.rmdir(path), lambda: os.link(path, other, follow_symlinks=False),
        lambda: write(os.path.dirname(path) + "/.wh." + os.path.basename(path), ""),
        lambda: os.chmod(path, random.choice((0, 0o700, 0o755)), follow_symlinks=False)))()

while True:
    with contextlib.suppress(OSError, NotImplementedError):
        act()
PY
finally kill $!
for _ in 1 2 3 4 5; do
	overlay_mount || { sleep 0.1 && continue; }
	walk_and_change 0.8
	overlay_umount
done
nothing_happened_outside
