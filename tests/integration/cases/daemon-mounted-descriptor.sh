# SPDX-License-Identifier: GPL-2.0-or-later
# With /dev/fd/N as the mount point it serves what the caller has mounted, and ends when that is unmounted.
# only: fuse
put "$L/f" text
py "$FUSE_OVERLAY" <<'PY'
import subprocess
for words in ([], ["-f"]):
    fd = os.open("/dev/fuse", os.O_RDWR)
    data = "fd=%d,rootmode=40000,user_id=%d,group_id=%d,default_permissions,allow_other" % (fd, os.getuid(), os.getgid())
    check(libc.mount(b"mine", os.fsencode(M), b"fuse.mine", 0, data.encode()) == 0, "mount")
    options = "lowerdir=%s,upperdir=%s,workdir=%s" % (L, U, W)
    child = subprocess.Popen([sys.argv[1]] + words + ["-o", options, "/dev/fd/%d" % fd], pass_fds=[fd],
                             stderr=subprocess.PIPE)
    os.close(fd)
    if not words:
        eq(child.communicate(timeout=20)[1], b"")
        eq(child.returncode, 0)
    eq(read(M + "/f"), b"text\n")
    write(M + "/new", "x")
    eq(read(U + "/new"), b"x")
    check(libc.umount2(os.fsencode(M), 0) == 0, "umount2")
    if words:
        eq(child.wait(timeout=20), 0)
PY
for id in $(daemons); do wait_gone "$id"; done
