# SPDX-License-Identifier: GPL-2.0-or-later
# Files of zero bytes, of one byte, of one page, of over a megabyte are copied whole.
py <<'PY'
for n in (0, 1, 4095, 4096, 4097, 131072, (1 << 20) + 1, 5000000):
    write("%s/f%d" % (L, n), os.urandom(n))
PY
before=$(cd "$L" && sha256sum f*)
overlay_mount
chmod 600 "$M"/f*
same "$before" "$(cd "$M" && sha256sum f*)" "after copy-up"
same "$before" "$(cd "$U" && sha256sum f*)" "in the upper layer"
