# SPDX-License-Identifier: GPL-2.0-or-later
# A FIFO that is open stays one pipe when it is copied up.
mkfifo "$L/p"
overlay_mount
py <<'PY'
r = os.open(M + "/p", os.O_RDONLY | os.O_NONBLOCK)
os.chmod(M + "/p", 0o600)
w = os.open(M + "/p", os.O_WRONLY | os.O_NONBLOCK)
os.write(w, b"over")
eq(os.read(r, 10), b"over")
PY
in_upper p
