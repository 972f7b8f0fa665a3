# SPDX-License-Identifier: GPL-2.0-or-later
# A device that comes into a lower layer where a file was is not opened: a layer is no way to the machine's devices.
# only: fuse
[ "$AS" = root ] || skip "device nodes cannot be made here"
without_check lower cross remount ino
put "$L/f" text
put "$L/g" text
overlay_mount
py <<'PY'
reader = os.open(M + "/f", os.O_RDONLY)
writer = os.open(M + "/g", os.O_WRONLY)
for name in ("f", "g"):
    os.mknod(L + "/new", stat.S_IFCHR | 0o666, os.makedev(1, 5)) # the endless zeros of /dev/zero
    os.rename(L + "/new", L + "/" + name)
try:
    open(L + "/f", "rb").close()
except OSError as e:
    skip("no device can be opened here: %s" % e)
with expect(errno.EACCES):
    os.read(reader, 1)
with expect(errno.ESTALE): # nor copied up
    os.write(writer, b"x")
PY
not_in_upper g
rm "$L/f" "$L/g"
