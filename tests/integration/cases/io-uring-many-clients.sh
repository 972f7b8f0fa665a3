# SPDX-License-Identifier: GPL-2.0-or-later
# Over io_uring many clients on one processor are served at once, each change by itself; the daemon starts further
# threads for them, up to eight for a processor.
# only: fuse
shared io-uring
put "$L/d/shared" ""
: >"$L/d/shared"
overlay_mount
uses_rings
for ((i = 0; i < 12; i++)); do
	taskset -c 0 "$PYTHON" -B -S - "$M" $i <<'PY' &
import os, sys
m, n = sys.argv[1:]
fd = os.open(m + '/d/shared', os.O_WRONLY | os.O_APPEND)
os.mkdir(m + '/dir' + n)
for i in range(100):
    assert os.write(fd, b'%2s %3d\n' % (n.encode(), i)) == 7
    path = m + '/dir' + n + '/f%d' % i
    with open(path, 'w') as f:
        f.write(path)
    if i % 10 == 0:
        os.fsync(fd)
    os.rename(path, path + '-moved')
    assert open(path + '-moved').read() == path
PY
	clients[i]=$!
done
for client in "${clients[@]}"; do wait "$client"; done
same 1200 "$(sort -u "$M/d/shared" | wc -l)" "lines that were written"
size_is "$M/d/shared" 8400
same 1200 "$(find "$M" -name '*-moved' | wc -l)" files
most=$(($(cut -d- -f2 /sys/devices/system/cpu/possible) * 8 + 8))
[ "$(rings)" -le $most ] || fail "$(rings) rings, should be $most at most"
