# SPDX-License-Identifier: GPL-2.0-or-later
# timeout: 240
# With passthrough=on many who open, copy up, write, map, truncate, close, remove and make the same files at once never
# get an error, and lose no byte that was appended.
# only: fuse
shared passthrough
for i in 0 1 2; do
	mkdir "$L/d$i"
	: >"$L/d$i/log"
done
passthrough_mount
for ((n = 0; n < 6; n++)); do
	py $n <<'PY' &
n = int(sys.argv[1])
for i in range(150):
    d = M + "/d%d/" % (i % 3)
    log = os.open(d + "log", os.O_WRONLY | os.O_APPEND)
    reader = os.open(d + "log", os.O_RDONLY)
    eq(os.write(log, b"%d %4d\n" % (n, i)), 7)
    eq(os.fstat(reader).st_size % 7, 0)
    if i % 5 == n % 5:
        os.close(log)
        log = -1
    lines = os.pread(reader, 1 << 20, 0).splitlines()
    assert b"%d %4d" % (n, i) in lines
    os.close(reader)
    if log >= 0:
        os.close(log)
    # One name for all, made and removed by all.
    fd = os.open(d + "common", os.O_RDWR | os.O_CREAT)
    os.ftruncate(fd, 4096)
    m = mmap.mmap(fd, 4096)
    m[n] = i % 256
    m.close()
    os.pwrite(fd, b"x", n)
    os.close(fd)
    if i % 4 == 0:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(d + "common")
PY
	openers[n]=$!
done
for opener in "${openers[@]}"; do wait "$opener"; done
for i in 0 1 2; do
	same 300 "$(sort -u "$M/d$i/log" | wc -l)" "lines of d$i/log"
	same 2100 "$(stat -c %s "$U/d$i/log")" "size of d$i/log in the upper"
done
