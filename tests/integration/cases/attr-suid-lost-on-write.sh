# SPDX-License-Identifier: GPL-2.0-or-later
# A write, a truncation and an allocation by somebody unprivileged take suid and sgid away.
for name in w t a; do
	put "$L/$name" text
	chown 1000:1000 "$L/$name"
	chmod 6777 "$L/$name"
done
overlay_mount
as() { as_id 1001 "$PYTHON" -B -S "$TOOLS/sys.py" "$@"; }
as write "$M/w" x
mode_is "$M/w" 777
as truncate "$M/t" 1
mode_is "$M/t" 777
as_id 1001 "$PYTHON" -B -S -c '
import os, sys
fd = os.open(sys.argv[1], os.O_WRONLY)
os.posix_fallocate(fd, 0, 100)' "$M/a"
mode_is "$M/a" 777
mode_is "$U/w" 777
overlay_remount
mode_is "$M/w" 777
