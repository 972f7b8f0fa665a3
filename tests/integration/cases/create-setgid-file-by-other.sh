# SPDX-License-Identifier: GPL-2.0-or-later
# Who is not in the directory's group cannot make a setgid file there.
mkdir "$L/d"
chown 1000:1001 "$L/d"
chmod 2777 "$L/d"
overlay_mount
as_id 1000 "$PYTHON" -B -S "$TOOLS/sys.py" open "$M/d/f" wronly,creat 2775
owner_is "$M/d/f" 1000:1001
mode_is "$M/d/f" 755
as_id 1000:1001 "$PYTHON" -B -S "$TOOLS/sys.py" open "$M/d/g" wronly,creat 2775
mode_is "$M/d/g" 2755
