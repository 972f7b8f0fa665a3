# SPDX-License-Identifier: GPL-2.0-or-later
# What a descriptor may do was decided at open: chmod 0 afterwards takes nothing from it.
put "$L/f" text
chown 1000:1000 "$L/f"
overlay_mount
as_id 1000 "$PYTHON" -B -S -c '
import os, sys
p = sys.argv[1]
fd = os.open(p, os.O_RDWR)
os.chmod(p, 0)
assert os.pread(fd, 9, 0) == b"text\n"
os.pwrite(fd, b"T", 0)
os.ftruncate(fd, 3)
assert os.pread(fd, 9, 0) == b"Tex"
new = os.open(p + ".new", os.O_RDWR | os.O_CREAT, 0o444) if os.access(os.path.dirname(p), os.W_OK) else None
' "$M/f"
has "$M/f" Tex
