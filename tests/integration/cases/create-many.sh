# SPDX-License-Identifier: GPL-2.0-or-later
# A thousand files made, and a third removed, are exactly what remount shows.
overlay_mount
py <<'PY'
for i in range(1000):
    write("%s/f%d" % (M, i), str(i))
for i in range(0, 1000, 3):
    os.unlink("%s/f%d" % (M, i))
PY
overlay_remount
same 666 "$(find "$M" -mindepth 1 | wc -l)" "number of files"
has "$M/f998" 998
