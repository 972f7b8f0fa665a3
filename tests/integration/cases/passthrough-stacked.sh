# SPDX-License-Identifier: GPL-2.0-or-later
# With passthrough=on the mount can be a layer of a kernel overlay; and an upper on one, which the kernel does not
# pass data through to, works as without.
# only: fuse
shared passthrough
grep -qw overlay /proc/filesystems || skip "no kernel overlayfs"
put "$L/f" low
passthrough_mount
echo up >"$M/up"
mkdir "$T/u2" "$T/w2" "$T/m2"
mount -t overlay overlay -o "lowerdir=$M,upperdir=$T/u2,workdir=$T/w2" "$T/m2"
finally 'umount "$T/m2" 2>/dev/null'
has "$T/m2/up" up
echo more >>"$T/m2/up"
has "$T/m2/up" $'up\nmore'
has "$M/up" up
umount "$T/m2"
overlay_umount
mkdir "$T/below" "$T/below/l" "$T/below/u" "$T/below/w" "$T/below/m"
mount -t overlay overlay -o "lowerdir=$T/below/l,upperdir=$T/below/u,workdir=$T/below/w,redirect_dir=on" "$T/below/m"
finally 'umount -l "$T/below/m"'
U=$T/below/m/upper W=$T/below/m/work
mkdir "$U" "$W"
without_check cross remount
passthrough_mount
py "${DAEMONS% }" <<'PY'
fd = os.open(M + "/new", os.O_RDWR | os.O_CREAT)
os.write(fd, b"new")
eq(works_without(int(sys.argv[1]), lambda: os.pwrite(fd, b"N", 0)), False)
eq(read(M + "/new"), b"New")
os.close(fd)
PY
echo more >>"$M/f"
has "$M/f" $'low\nmore'
overlay_umount
