# SPDX-License-Identifier: GPL-2.0-or-later
# Four writers fill one lower file that is copied up under them, each its own part.
py <<'PY'
write(L + "/f", b"-" * 400000)
PY
overlay_mount
for p in 0 1 2 3; do
	py "$p" <<'PY' &
p = int(sys.argv[1])
fd = os.open(M + "/f", os.O_RDWR)
for i in range(100):
    os.pwrite(fd, b"%d" % p * 1000, p * 100000 + i * 1000)
PY
done
wait
py <<'PY'
eq(read(M + "/f"), b"".join(b"%d" % p * 100000 for p in range(4)))
PY
overlay_remount
same 100000 "$(tr -dc 3 <"$M/f" | wc -c)" "bytes of the last writer"
