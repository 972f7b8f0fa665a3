# SPDX-License-Identifier: GPL-2.0-or-later
# Only `y` makes a directory opaque.
put "$L/n/low"
put "$L/empty/low"
mkdir "$U/n" "$U/empty"
setfattr -n "$X.opaque" -v n "$U/n"
setfattr -n "$X.opaque" "$U/empty"
overlay_mount
lists "$M/n" low
lists "$M/empty" low
