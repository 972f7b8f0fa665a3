# SPDX-License-Identifier: GPL-2.0-or-later
# chmod by an owner who is not in the file's group takes sgid away.
put "$L/f" text
chown 1000:1001 "$L/f"
overlay_mount
as_id 1000 "$PYTHON" -B -S "$TOOLS/sys.py" chmod "$M/f" 2755
mode_is "$M/f" 755
as_id 1000:1001 "$PYTHON" -B -S "$TOOLS/sys.py" chmod "$M/f" 2755
mode_is "$M/f" 2755
