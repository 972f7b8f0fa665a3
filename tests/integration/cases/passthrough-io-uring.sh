# SPDX-License-Identifier: GPL-2.0-or-later
# passthrough=on and io_uring=on go together: what is left of messages comes over the rings.
# only: fuse
shared io-uring
shared passthrough
put "$L/low" low
passthrough_mount
uses_rings
py "${DAEMONS% }" <<'PY'
for name in "new", "low":
    write(M + "/" + name, b"first")
    os.close(open_passed_through(int(sys.argv[1]), M + "/" + name, b"S", 4))
    eq(read(U + "/" + name), b"firsS")
PY
