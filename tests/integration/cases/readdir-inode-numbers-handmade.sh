# SPDX-License-Identifier: GPL-2.0-or-later
# d_ino is what stat says also where the upper layer was filled by hand.
layers 2
put "$L2/a/f2"
put "$L1/a/f1"
put "$U/a/fu"
mkdir -p "$U/onlyupper/x"
overlay_mount
py <<'PY'
for d in (M, M + "/a", M + "/onlyupper"):
    for ino, off, kind, name in listing(d):
        if (d, name) != (M, ".."):
            eq(ino, os.lstat(d + "/" + name).st_ino, "d_ino of %s/%s" % (d, name))
PY
