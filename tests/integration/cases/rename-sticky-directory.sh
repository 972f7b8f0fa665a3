# SPDX-License-Identifier: GPL-2.0-or-later
# In a sticky directory only the owner renames and removes.
mkdir "$L/d"
chmod 1777 "$L/d"
put "$L/d/root"
put "$L/d/own"
chown 1000:1000 "$L/d/own"
overlay_mount
as() { as_id 1000 "$PYTHON" -B -S "$TOOLS/sys.py" "$@"; }
as_other() { as_id 1001 "$PYTHON" -B -S "$TOOLS/sys.py" "$@"; }
fails_with EPERM as rename "$M/d/root" "$M/d/x"
fails_with EPERM as unlink "$M/d/root"
fails_with EPERM as_other unlink "$M/d/own"
fails_with EPERM as rename "$M/d/own" "$M/d/root"
as rename "$M/d/own" "$M/d/mine"
as unlink "$M/d/mine"
lists "$M/d" root
