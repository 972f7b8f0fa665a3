# SPDX-License-Identifier: GPL-2.0-or-later
# Names with blanks, quotes, bytes that are no UTF-8, and of 255 bytes, are redirected to.
redirects_on
py <<'PY'
base = os.fsencode(L)
for i, n in enumerate((b"a b", b"\xff\xfe\n", b"'\"`$", b".h", b"n" * 250)):
    os.mkdir(base + b"/" + n)
    with open(base + b"/" + n + b"/f", "wb") as f:
        f.write(b"%d" % i)
PY
overlay_mount
py <<'PY'
base = os.fsencode(M)
for i, n in enumerate((b"a b", b"\xff\xfe\n", b"'\"`$", b".h", b"n" * 250)):
    os.rename(base + b"/" + n, base + b"/new%d" % i)
PY
overlay_remount
for i in 0 1 2 3 4; do same $i "$(cat "$M/new$i/f")"; done
