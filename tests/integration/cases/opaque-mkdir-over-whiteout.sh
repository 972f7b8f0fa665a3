# SPDX-License-Identifier: GPL-2.0-or-later
# A directory made where a lower one was removed is empty, opaque, and stays so.
put "$L/d/low"
put "$L/d/sub/low"
overlay_mount
rm -r "$M/d"
is_whiteout "$U/d"
mkdir "$M/d"
lists "$M/d"
is_opaque "$U/d"
overlay_remount
lists "$M/d"
mkdir "$M/d/sub"
lists "$M/d/sub"
overlay_remount
lists "$M/d/sub"
