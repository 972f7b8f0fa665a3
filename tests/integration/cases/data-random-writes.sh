# SPDX-License-Identifier: GPL-2.0-or-later
# Three hundred writes and truncations anywhere leave what they leave in a plain file.
# also: plain
py <<'PY'
import random
random.seed(7)
data = random.randbytes(200000)
write(L + "/f", data)
write(T + "/plain", data)
PY
overlay_mount
py <<'PY'
import random
random.seed(8)
a, b = os.open(M + "/f", os.O_RDWR), os.open(T + "/plain", os.O_RDWR)
for i in range(300):
    at, n = random.randrange(300000), random.randrange(1, 9000)
    if i % 13 == 5:
        os.ftruncate(a, at)
        os.ftruncate(b, at)
    elif i % 17 == 3:
        eq(os.pread(a, n, at), os.pread(b, n, at), "read in step %d" % i)
    else:
        piece = random.randbytes(n)
        os.pwrite(a, piece, at)
        os.pwrite(b, piece, at)
eq(read(M + "/f"), read(T + "/plain"), "content at the end")
PY
cmp "$M/f" "$T/plain"
overlay_remount
cmp "$M/f" "$T/plain"
