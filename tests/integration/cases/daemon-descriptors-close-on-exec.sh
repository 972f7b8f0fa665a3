# SPDX-License-Identifier: GPL-2.0-or-later
# Every descriptor that the daemon has, of layers, files and caches, is close-on-exec.
# only: fuse
# also: plain
layers 2
put "$L1/d/f" text
put "$L1/d/open" text
put "$L2/d/sub/g" text
overlay_mount
DAEMON=${DAEMONS% } py <<'PY'
read(M + "/d/sub/g")
write(M + "/d/f", "more")
kept = os.open(M + "/d/open", os.O_RDWR)
os.write(kept, b"more")
os.unlink(M + "/d/open") # what is open without a name is held, too
proc = "/proc/" + os.environ["DAEMON"]
n = 0
for fd in os.listdir(proc + "/fdinfo"):
    with contextlib.suppress(FileNotFoundError): # closed meanwhile
        flags = [line.split()[1] for line in open(proc + "/fdinfo/" + fd) if line.startswith("flags:")][0]
        link = os.readlink(proc + "/fd/" + fd)
        check(int(fd) < 3 or int(flags, 8) & os.O_CLOEXEC, "%s is inherited: %s" % (fd, link))
        n += 1
check(n > 10, "only %d descriptors" % n)
PY
