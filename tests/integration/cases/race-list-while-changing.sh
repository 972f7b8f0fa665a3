# SPDX-License-Identifier: GPL-2.0-or-later
# Lists and lookups go on while another process fills and empties the directory.
layers 2
for ((i = 0; i < 50; i++)); do put "$L2/d/s$i"; done
overlay_mount
py <<'PY' &
for turn in range(30):
    for i in range(40):
        write("%s/d/t%d" % (M, i), "x")
    for i in range(40):
        os.unlink("%s/d/t%d" % (M, i))
PY
writer=$!
py <<'PY'
for turn in range(60):
    names = os.listdir(M + "/d")
    eq(len(names), len(set(names)), "different names")
    eq(sum(n[0] == "s" for n in names), 50, "names that stay")
PY
wait $writer
same 50 "$(find "$M/d" -type f | wc -l)"
