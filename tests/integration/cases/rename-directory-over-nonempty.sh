# SPDX-License-Identifier: GPL-2.0-or-later
# A directory does not replace one in which something is visible.
put "$L/low/f"
overlay_mount
mkdir "$M/new"
put "$M/up/f"
fails_with "ENOTEMPTY|EEXIST" sys rename "$M/new" "$M/low"
fails_with "ENOTEMPTY|EEXIST" sys rename "$M/new" "$M/up"
lists "$M" low new up
