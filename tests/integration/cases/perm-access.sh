# SPDX-License-Identifier: GPL-2.0-or-later
# access(2) answers by modes, for root and for others.
put "$L/f" text
chmod 640 "$L/f"
put "$L/x"
chmod 755 "$L/x"
overlay_mount
sys access "$M/f" rw
fails_with EACCES sys access "$M/f" x
sys access "$M/x" rwx
as() { as_id 1000 "$PYTHON" -B -S "$TOOLS/sys.py" "$@"; }
fails_with EACCES as access "$M/f" r
as access "$M/x" rx
fails_with EACCES as access "$M/x" w
lists "$U"
