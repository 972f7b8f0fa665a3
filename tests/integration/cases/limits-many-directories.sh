# SPDX-License-Identifier: GPL-2.0-or-later
# Two thousand directories are made, listed and removed while the caches are dropped.
for ((i = 0; i < 1000; i++)); do mkdir "$L/l$i"; done
without_check cross
overlay_mount
py <<'PY'
for i in range(1000):
    os.mkdir("%s/u%d" % (M, i))
    os.mkdir("%s/l%d/sub" % (M, i))
PY
drop_caches
same 3000 "$(find "$M" -mindepth 1 | wc -l)"
rm -rf "$M"/l*
drop_caches
same 1000 "$(find "$M" -mindepth 1 | wc -l)"
