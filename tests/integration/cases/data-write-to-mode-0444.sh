# SPDX-License-Identifier: GPL-2.0-or-later
# A file made with mode 0444 can be written through the descriptor that made it.
mkdir "$L/d"
chmod 777 "$L/d"
overlay_mount
as_id 1000 "$PYTHON" -B -S -c '
import os, sys
fd = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
os.write(fd, b"written")
os.fsync(fd)' "$M/d/f"
has "$M/d/f" written
mode_is "$M/d/f" 444
fails_with EACCES as_id 1000 "$PYTHON" -B -S "$TOOLS/sys.py" open "$M/d/f" wronly
