# SPDX-License-Identifier: GPL-2.0-or-later
# A socket is bound, connected to, renamed and removed.
without_check cross
overlay_mount
py <<'PY'
import socket
os.chdir(M)
s = socket.socket(socket.AF_UNIX)
s.bind("sock")
s.listen()
check(stat.S_ISSOCK(os.lstat("sock").st_mode), "not a socket")
c = socket.socket(socket.AF_UNIX)
c.connect("sock")
a, _ = s.accept()
c.send(b"hello")
eq(a.recv(10), b"hello")
with expect(errno.EADDRINUSE):
    socket.socket(socket.AF_UNIX).bind("sock")
os.rename("sock", "moved")
c2 = socket.socket(socket.AF_UNIX)
c2.connect("moved")
os.unlink("moved")
PY
