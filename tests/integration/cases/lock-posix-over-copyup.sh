# SPDX-License-Identifier: GPL-2.0-or-later
# An fcntl lock of a range, taken before copy-up, excludes another process after it.
put "$L/f" 0123456789
overlay_mount
py <<'PY'
a = os.open(M + "/f", os.O_RDWR)
fcntl.lockf(a, fcntl.LOCK_EX, 5, 0)
os.pwrite(a, b"AB", 0)
pid = os.fork()
if pid == 0:
    try:
        b = os.open(M + "/f", os.O_RDWR)
        with expect(errno.EAGAIN, errno.EACCES):
            fcntl.lockf(b, fcntl.LOCK_EX | fcntl.LOCK_NB, 2, 2)
        fcntl.lockf(b, fcntl.LOCK_EX | fcntl.LOCK_NB, 3, 6)
    except BaseException as e:
        print(e)
        os._exit(1)
    os._exit(0)
eq(os.waitpid(pid, 0)[1], 0, "status of the other process")
PY
