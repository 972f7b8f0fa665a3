# SPDX-License-Identifier: GPL-2.0-or-later
# A symlink made where a lower file was removed.
put "$L/f" old
put "$L/d/inside"
overlay_mount
rm "$M/f"
rm -r "$M/d"
ln -s elsewhere "$M/f"
ln -s f "$M/d"
target_is "$M/f" elsewhere
target_is "$M/d" f
overlay_remount
target_is "$M/f" elsewhere
type_is "$M/d" l
