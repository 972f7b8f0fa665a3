# SPDX-License-Identifier: GPL-2.0-or-later
# A listing in many small pieces shows each name exactly once.
layers 2
for ((i = 0; i < 150; i++)); do
	: >"$L2/two$i"
	: >"$L1/one$i"
	: >"$U/up$i"
done
overlay_mount
py <<'PY'
whole = sorted(e[3] for e in listing(M))
eq(len(whole), 452, "names")
eq(sorted(e[3] for e in listing(M, 64)), whole, "names by a buffer of 64 bytes")
eq(sorted(e[3] for e in listing(M, 300)), whole, "names by a buffer of 300 bytes")
PY
