# SPDX-License-Identifier: GPL-2.0-or-later
# Each entry is listed with its type, from every layer.
need_mknod() { mknod "$L/probe" c 1 3 2>/dev/null && rm "$L/probe"; }
put "$L/file"
mkdir "$L/dir"
ln -s x "$L/link"
mkfifo "$L/fifo"
put "$U/ufile"
mkdir "$U/udir"
ln -s x "$U/ulink"
mkfifo "$U/ufifo"
py <<'PY'
import socket
for d in (L, U):
    s = socket.socket(socket.AF_UNIX)
    os.chdir(d)
    s.bind("socket" if d == L else "usocket")
PY
if need_mknod; then
	mknod "$L/chr" c 1 3
	mknod "$U/ublk" b 7 99
fi
overlay_mount
py <<'PY'
for ino, off, kind, name in listing(M):
    eq(kind, stat.S_IFMT(os.lstat(M + "/" + name).st_mode) >> 12, "type of " + name)
PY
