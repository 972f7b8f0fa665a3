# SPDX-License-Identifier: GPL-2.0-or-later
# Killed ten times in the middle of changes: each file has its old content or its new, whole.
# only: fuse
for ((i = 0; i < 40; i++)); do put "$L/f$i" "old $i"; done
without_check lower
for turn in 1 2 3 4 5 6 7 8 9 10; do
	overlay_mount
	py "$turn" <<'PY' &
try:
    for r in range(10000):
        i = (r * 7 + int(sys.argv[1])) % 40
        write("%s/tmp%d" % (M, i), "new %d\n" % i)
        os.rename("%s/tmp%d" % (M, i), "%s/f%d" % (M, i))
        os.chmod("%s/f%d" % (M, (i + 1) % 40), 0o600)
        if r % 5 == 0:
            os.unlink("%s/f%d" % (M, (i + 3) % 40))
except (ConnectionAbortedError, FileNotFoundError, OSError):
    pass
PY
	worker=$!
	sleep "0.0$turn"
	kill -KILL "${DAEMONS% }"
	wait $worker || true
	umount "$M" || umount -l "$M"
	MOUNTED=
done
overlay_mount
py <<'PY'
for name in os.listdir(M):
    text = read(M + "/" + name)
    if name.startswith("tmp"):
        continue
    i = name[1:].encode()
    check(text in (b"old " + i + b"\n", b"new " + i + b"\n"), "%s: %r" % (name, text))
PY
