# SPDX-License-Identifier: GPL-2.0-or-later
# lseek to a d_off that a listing gave continues after that entry.
layers 2
for ((i = 0; i < 40; i++)); do
	: >"$L2/two$i"
	: >"$L1/one$i"
done
overlay_mount
py <<'PY'
entries = listing(M)
fd = os.open(M, os.O_RDONLY)
for i in (0, 1, 2, 20, 41, 60, len(entries) - 2):
    os.lseek(fd, entries[i][1], os.SEEK_SET)
    eq(getdents(fd, 128)[0][3], entries[i + 1][3], "entry after the %d-th" % i)
os.lseek(fd, entries[-1][1], os.SEEK_SET)
eq(getdents(fd), [], "after the last")
os.lseek(fd, 0, os.SEEK_SET)
eq(getdents(fd, 128)[0][3], entries[0][3], "after rewinding")
PY
