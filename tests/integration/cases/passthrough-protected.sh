# SPDX-License-Identifier: GPL-2.0-or-later
# With passthrough=on the daemon is told of opens: what is immutable, or append-only, cannot even be opened for writing,
# and an append-only file is not written to elsewhere than at its end.
# only: fuse
shared passthrough
without_check remount cross
echo x >"$T/probe"
chattr +i "$T/probe" 2>/dev/null || skip "this file system has no flags"
chattr -i "$T/probe"
put "$L/low" low
put "$L/log" log
finally 'chattr -R -f -i -a "$U" "$M"'
passthrough_mount
echo up >"$M/up"
chattr +i "$M/low" "$M/up"
chattr +a "$M/log"
py <<'PY'
for name in "low", "up":
    for flags in os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_APPEND:
        with expect(errno.EPERM):
            os.open(M + "/" + name, flags)
    read(M + "/" + name)
for flags in os.O_WRONLY, os.O_WRONLY | os.O_APPEND | os.O_TRUNC:
    with expect(errno.EPERM):
        os.open(M + "/log", flags)
fd = os.open(M + "/log", os.O_WRONLY | os.O_APPEND)
os.write(fd, b"more\n")
fcntl.fcntl(fd, fcntl.F_SETFL, 0)
with expect(errno.EPERM):
    os.pwrite(fd, b"LOG", 0)
os.close(fd)
eq(read(M + "/log"), b"log\nmore\n")
PY
chattr -i "$M/up"
echo more >>"$M/up"
has "$M/up" $'up\nmore'
