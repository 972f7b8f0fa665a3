# SPDX-License-Identifier: GPL-2.0-or-later
# 300 MB written and read back, through the mount and in the upper layer.
# timeout: 180
without_check cross
overlay_mount
sum=$(py <<'PY'
import hashlib, random
random.seed(3)
block = random.randbytes(1 << 20)
total = hashlib.sha256()
fd = os.open(M + "/f", os.O_WRONLY | os.O_CREAT)
for i in range(300):
    piece = struct.pack("=I", i) + block[4:]
    os.write(fd, piece)
    total.update(piece)
print(total.hexdigest())
PY
)
same "$sum  -" "$(sha256sum <"$M/f")" "sha256 through the mount"
drop_caches 1
same "$sum  -" "$(sha256sum <"$M/f")" "sha256 after dropping caches"
same "$sum  -" "$(sha256sum <"$U/f")" "sha256 in the upper layer"
