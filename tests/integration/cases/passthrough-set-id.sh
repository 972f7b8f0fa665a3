# SPDX-License-Identifier: GPL-2.0-or-later
# With passthrough=on, too, a write takes set-id bits and capabilities away, also where they came after the file was
# opened, and root's keeps them; the kernel knows at once.
# only: fuse
shared passthrough
without_check lower
put "$L/low" low
chmod 6777 "$L/low"
put "$L/other" other
passthrough_mount
py "${DAEMONS% }" <<'PY'
daemon = int(sys.argv[1])

def as_user(step):
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.setgroups([])
            os.setresgid(1000, 1000, 1000)
            os.setresuid(1000, 1000, 1000)
            step()
            status = 0
        finally:
            os._exit(status)
    eq(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)

def mode(path):
    eq(os.stat(path).st_mode, os.stat(path.replace(M, U)).st_mode)
    return os.stat(path).st_mode & 0o7777

path = M + "/f"
write(path, b"text")
fd = os.open(path, os.O_RDWR)
for bits, rest in (0o6777, 0o777), (0o4777, 0o777), (0o2777, 0o777), (0o2767, 0o2767):
    os.chmod(path, bits)
    os.pwrite(fd, b"root", 0)
    eq(mode(path), bits)
    as_user(lambda: os.pwrite(fd, b"user", 0))
    eq(mode(path), rest)
    os.chmod(path, bits)
    def by_own_descriptor():
        own = os.open(path, os.O_WRONLY)
        os.write(own, b"own")
    as_user(by_own_descriptor)
    eq(mode(path), rest)
os.chmod(path, 0o777)

capability = bytes.fromhex("0100000200200000000000000000000000000000")
for step in (lambda: os.pwrite(fd, b"cap", 0)), (lambda: as_user(lambda: os.pwrite(fd, b"cap", 0))):
    os.setxattr(path, "security.capability", capability)
    eq(os.getxattr(path, "security.capability"), capability)
    step()
    for where in path, U + "/f":
        eq("security.capability" in os.listxattr(where), False)
eq(works_without(daemon, lambda: os.pwrite(fd, b"x", 0)), True)
# Root's write costs the capability alone.
os.chmod(path, 0o6777)
os.setxattr(path, "security.capability", capability)
os.pwrite(fd, b"root", 0)
eq(mode(path), 0o6777)
eq("security.capability" in os.listxattr(path), False)
os.close(fd)

# Nobody else takes them away: chown(2) to nobody sends the same message. Also while somebody reads.
for held in None, os.open(path, os.O_RDONLY):
    for name in path, M + "/other":
        os.chmod(name, 0o6777)
        try:
            as_user(lambda: os.chown(name, -1, -1))
        except AssertionError:
            pass
        eq(mode(name), 0o6777)
os.close(held)

# Of a lower file, which is not passed through at first.
as_user(lambda: write(M + "/low", b"written"))
eq(mode(M + "/low"), 0o777)
PY
