# SPDX-License-Identifier: GPL-2.0-or-later
# A hundred names of one file: the count follows each.
put "$L/f" f
overlay_mount
for ((i = 1; i < 100; i++)); do ln "$M/f" "$M/f$i"; done
nlink_is "$M/f" 100
nlink_is "$M/f77" 100
rm "$M"/f?
nlink_is "$M/f" 91
overlay_remount
nlink_is "$M/f" 91
