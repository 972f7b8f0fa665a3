# SPDX-License-Identifier: GPL-2.0-or-later
# With passthrough=on a mapping is one of the upper's file: what is written there is read at once, and the
# modification time that is shown is the upper's, also when the descriptor has been closed. A running program is busy.
# only: fuse
shared passthrough
passthrough_mount
cp /bin/sleep "$M/sleep"
py <<'PY'
path, real = M + "/f", U + "/f"
write(path, b"x" * 8192)
os.utime(path, ns=(10**18, 10**18))
fd = os.open(path, os.O_RDWR)
eq(os.stat(path).st_mtime_ns, 10**18)
m = mmap.mmap(fd, 8192)
m[0:3] = b"one"
eq(os.pread(fd, 3, 0), b"one")
eq(read(real)[:3], b"one")
os.pwrite(fd, b"two", 4096)
eq(m[4096:4099], b"two")
m.flush()
eq(os.stat(path).st_mtime_ns, os.stat(real).st_mtime_ns)
os.close(fd)
os.utime(path, ns=(10**18, 10**18))
m[3:6] = b"new"
m.flush()
eq(read(path)[:6], b"onenew")
eq(os.stat(path).st_mtime_ns, os.stat(real).st_mtime_ns)
assert os.stat(path).st_mtime_ns != 10**18
m.close()
PY
"$M/sleep" 5 &
program=$!
finally "kill $program 2>/dev/null"
for ((i = 0; i < 500; i++)); do
	[ "$(cat /proc/$program/comm)" != sleep ] || break
	sleep 0.01
done
fails_with ETXTBSY sys open "$M/sleep" wronly
kill $program
wait $program || true
exec 5>>"$M/sleep"
fails_with ETXTBSY "$M/sleep" 0
exec 5>&-
"$M/sleep" 0
