# SPDX-License-Identifier: GPL-2.0-or-later
# With passthrough=on a metacopy, whose data are still below, goes through the cache until it has its data and all have
# closed it.
# only: fuse
shared passthrough
metacopy_on
put "$L/f" "$(head -c 9000 /dev/zero | tr '\0' m)"
passthrough_mount
chmod 600 "$M/f"
py "${DAEMONS% }" <<'PY'
daemon = int(sys.argv[1])
fd = os.open(M + "/f", os.O_RDWR)
eq(os.pread(fd, 4, 8000), b"mmmm")
eq(os.stat(U + "/f").st_blocks < 16, True)
os.pwrite(fd, b"M", 0)
eq(read(U + "/f"), b"M" + b"m" * 8999 + b"\n")
eq(works_without(daemon, lambda: os.pwrite(fd, b"M", 1)), False)
os.close(fd)
os.close(open_passed_through(daemon, M + "/f", b"M", 2))
eq(read(M + "/f"), b"MMM" + b"m" * 8997 + b"\n")
PY
