# SPDX-License-Identifier: GPL-2.0-or-later
# O_APPEND through two descriptors, opened before copy-up: every piece is there, none overwritten.
put "$L/f" start
overlay_mount
py <<'PY'
a = os.open(M + "/f", os.O_WRONLY | os.O_APPEND)
b = os.open(M + "/f", os.O_WRONLY | os.O_APPEND)
for i in range(50):
    os.write(a, b"a%02d\n" % i)
    os.write(b, b"b%02d\n" % i)
want = b"start\n" + b"".join(b"a%02d\nb%02d\n" % (i, i) for i in range(50))
eq(read(M + "/f"), want)
PY
overlay_remount
same 101 "$(wc -l <"$M/f")" lines
