# SPDX-License-Identifier: GPL-2.0-or-later
# A name is listed once, however many layers have it; `.` and `..` are there once.
layers 3
for d in "$L1" "$L2" "$L3" "$U"; do
	put "$d/d/f"
	put "$d/d/g"
done
overlay_mount
py <<'PY'
names = [e[3] for e in listing(M + "/d")]
eq(sorted(names), [".", "..", "f", "g"], "names")
PY
