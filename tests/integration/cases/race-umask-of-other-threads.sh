# SPDX-License-Identifier: GPL-2.0-or-later
# The umask of one client has no effect on what is copied up for another at the same time.
for i in $(seq 60); do
	put "$L/dir/f$i" text
	chmod 666 "$L/dir/f$i"
done
overlay_mount
py <<'PY'
import os

def creator(number):
    os.umask(0o77)
    for i in range(12):
        directory = M + "/new%d-%d" % (number, i)
        os.mkdir(directory)
        fd = os.open(directory + "/f", os.O_CREAT | os.O_RDWR, 0o666)
        os.write(fd, b"x")
        os.fsync(fd)

children = []
for number in range(8):
    child = os.fork()
    if child == 0:
        creator(number)
        os._exit(0)
    children.append(child)
for i in range(1, 61):
    write(M + "/dir/f%d" % i, b"more", os.O_WRONLY | os.O_APPEND)
    eq(os.stat(U + "/dir/f%d" % i).st_mode & 0o7777, 0o666, "mode of a copy")
for child in children:
    eq(os.waitpid(child, 0)[1], 0, "exit status")
PY
mode_is "$M/new3-4/f" 600
