# SPDX-License-Identifier: GPL-2.0-or-later
# Nor do files of layers on different file systems, whose own inode numbers are equal.
layers 3
mount -t tmpfs none "$L2"
finally umount "$L2"
mount -t tmpfs none "$L3"
finally umount "$L3"
for j in 1 2 3 4 5; do
	put "$L2/two$j"
	put "$L3/three$j"
done
without_check ino
kernel_options xino=on
overlay_mount
same '' "$(find "$M" -mindepth 1 -printf '%D:%i\n' | sort | uniq -d)" "inode numbers that occur twice"
py <<'PY'
for ino, off, kind, name in listing(M):
    if name not in (".", ".."):
        eq(ino, os.lstat(M + "/" + name).st_ino, "d_ino of " + name)
PY
before=$(find "$M" -mindepth 1 -printf '%f %i\n' | sort)
for j in 1 2 3; do
	echo more >>"$M/two$j"
	chmod 600 "$M/three$j"
done
# What the kernel only remembers, for want of file handles, goes with its caches.
[ "$FS-$AS" = kernel-user ] ||
	same "$before" "$(find "$M" -mindepth 1 -printf '%f %i\n' | sort)" "inode numbers after copy-up"
