# SPDX-License-Identifier: GPL-2.0-or-later
# Files of an unknown owner cannot be changed or given away.
[ "$AS" = user ] || skip "every id is known here"
LOWERS=("$FOREIGN")
overlay_mount
fails sys chown "$M/readable" 0 0
fails sys chmod "$M/readable" 600
