# SPDX-License-Identifier: GPL-2.0-or-later
# A directory whose lower names are all whited out already is empty, and can be removed.
put "$L/d/a"
put "$L/d/b"
mkdir "$U/d"
whiteout "$U/d/a" "$U/d/b"
overlay_mount
lists "$M/d"
rmdir "$M/d"
is_whiteout "$U/d"
overlay_remount
lists "$M"
