# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# What is closed to its own owner is opened to him for a moment while he copies up or writes: nobody sees that
# mode, neither of a directory nor of a file.
mkdir -m 755 "$L/d"
for ((i = 0; i < 80; i++)); do
	put "$L/d/$i" text
done
chmod 555 "$L/d"
overlay_mount
py <<'PY'
def mode_of(path): # asked of the daemon, whatever the kernel remembers
    buf = ctypes.create_string_buffer(256)
    if libc.statx(-100, os.fsencode(path), 0x2000, 2, buf) < 0: # AT_STATX_FORCE_SYNC, STATX_MODE
        raise OSError(ctypes.get_errno(), path)
    return oct(struct.unpack_from("=H", buf, 28)[0] & 0o7777)

directory, files, done = set(), set(), threading.Event()
at = 0
def look():
    while not done.is_set():
        directory.add(mode_of(M + "/d"))
        files.add(mode_of("%s/d/%d" % (M, at)))

lookers = [threading.Thread(target=look) for i in range(2)]
for thread in lookers:
    thread.start()
try:
    for at in range(80):
        fd = os.open("%s/d/%d" % (M, at), os.O_WRONLY)
        os.chmod(fd, 0o444)
        os.write(fd, b"more")
        os.close(fd)
finally:
    done.set()
    for thread in lookers:
        thread.join()
eq(directory, {"0o555"}, "modes of the directory")
check(files <= {"0o644", "0o444"}, "modes of files: %s" % files)
PY
