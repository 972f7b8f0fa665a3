# SPDX-License-Identifier: GPL-2.0-or-later
# d_ino of every entry is what stat says, for files and directories of all layers.
layers 2
put "$L2/a/f2"
put "$L1/a/f1"
put "$L2/g2"
put "$L1/g1"
mkdir -p "$L2/onlylower/x"
ln -s x "$L1/link"
overlay_mount
mkdir -p "$M/onlyupper/x"
put "$M/a/fu"
cat >"$T/walk.py" <<'PY'
def walk(path):
    for ino, off, kind, name in listing(path):
        p = path + "/" + name
        if path == M and name == "..":
            continue
        eq(ino, os.lstat(p).st_ino, "d_ino of " + p)
        if kind == 4 and name not in (".", ".."):
            walk(p)
walk(M)
PY
py <"$T/walk.py"
overlay_remount
py <"$T/walk.py"
echo x >>"$M/a/f2"
mv "$M/g2" "$M/a/moved"
mkdir "$M/new"
chmod 700 "$M/onlylower"
rm "$M/g1"
echo again >"$M/g1"
py <"$T/walk.py"
overlay_remount
py <"$T/walk.py"
