# SPDX-License-Identifier: GPL-2.0-or-later
# Only the owner changes mode, only root the owner; the owner may give to a group it is in.
put "$L/f"
put "$L/g"
chown 1000:1000 "$L/f"
overlay_mount
as() { as_id 1000 "$PYTHON" -B -S "$TOOLS/sys.py" "$@"; }
fails_with EPERM as chmod "$M/g" 777
fails_with EPERM as chown "$M/f" 1001 -1
fails_with EPERM as chown "$M/f" -1 1001
as chmod "$M/f" 600
mode_is "$M/f" 600
setpriv --reuid 1000 --regid 1000 --groups 1001 chgrp 1001 "$M/f"
owner_is "$M/f" 1000:1001
not_in_upper g
