# SPDX-License-Identifier: GPL-2.0-or-later
# Eight processes write one lower file for the first time at once: it is copied up once, whole.
py <<'PY'
write(L + "/f", b"." * (8 << 20))
PY
overlay_mount
for p in 0 1 2 3 4 5 6 7; do
	py "$p" <<'PY' &
p = int(sys.argv[1])
fd = os.open(M + "/f", os.O_RDWR)
os.pwrite(fd, b"%d" % p * 100, p << 20)
PY
	pids[p]=$!
done
for p in "${pids[@]}"; do wait "$p"; done
py <<'PY'
data = read(M + "/f")
eq(len(data), 8 << 20)
for p in range(8):
    eq(data[p << 20:(p << 20) + 101], b"%d" % p * 100 + b".")
PY
overlay_remount
size_is "$M/f" $((8 << 20))
