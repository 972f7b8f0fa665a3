# SPDX-License-Identifier: GPL-2.0-or-later
# The same when the page cache lets go of the file in between.
py <<'PY'
write(L + "/f", b"o" * 100000)
PY
overlay_mount
exec 5<"$M/f"
head -c 10 <&5 >/dev/null
drop_caches 3
printf NEW | dd of="$M/f" bs=1 seek=50000 conv=notrunc status=none
drop_caches 3
py <<'PY'
fd = os.open("/proc/self/fd/5", os.O_RDONLY)
eq(os.pread(fd, 6, 49998), b"ooNEWo", "by reopening")
eq(os.pread(5, 6, 49998), b"ooNEWo", "by the descriptor from before")
eq(len(read(M + "/f")), 100000)
PY
exec 5<&-
