# SPDX-License-Identifier: GPL-2.0-or-later
# Setting times to now needs write permission, to a given time ownership.
put "$L/f"
chmod 666 "$L/f"
put "$L/g"
overlay_mount
as() { as_id 1000 "$PYTHON" -B -S "$TOOLS/sys.py" "$@"; }
fails_with EPERM as utimes "$M/f" 1 1
fails_with EACCES as utimes "$M/g" now now
as utimes "$M/f" now now
