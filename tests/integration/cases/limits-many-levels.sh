# SPDX-License-Identifier: GPL-2.0-or-later
# A path of five hundred short directories is made, copied up at its end, and removed.
py <<'PY'
os.chdir(L)
for i in range(500):
    os.mkdir("d")
    os.chdir("d")
write("f", "low\n")
PY
overlay_mount
deep=$M$(printf '/d%.0s' {1..500})
has "$deep/f" low
echo more >>"$deep/f"
has "$deep/f" $'low\nmore'
in_upper d/d/d
rm -rf "${M:?}/d"
lists "$M"
is_whiteout "$U/d"
