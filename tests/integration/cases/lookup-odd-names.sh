# SPDX-License-Identifier: GPL-2.0-or-later
# Names of any bytes: blanks, newlines, not UTF-8, only dots, whatever options use to separate.
overlay_mount
py <<'PY'
names = [b"a b", b"new\nline", b"\xff\xfe", b"...", b"comma,colon:", b"back\\slash", b"-dash",
         b"\x01\x7f", "grün".encode(), b"*?[", b"%s%n", b".hidden", b"'\"$`"]
base = os.fsencode(M)
for n in names:
    with open(base + b"/" + n, "wb") as f:
        f.write(n)
    os.mkdir(base + b"/" + n + b".d")
got = sorted(os.listdir(base))
eq(got, sorted(names + [n + b".d" for n in names]), "names")
for n in names:
    eq(read(base + b"/" + n), n, "content")
    os.rename(base + b"/" + n, base + b"/" + n + b".d/" + n)
    eq(os.listdir(base + b"/" + n + b".d"), [n])
PY
