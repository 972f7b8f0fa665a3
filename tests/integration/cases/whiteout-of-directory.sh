# SPDX-License-Identifier: GPL-2.0-or-later
# Removing an emptied lower directory leaves one whiteout for it.
put "$L/dir/file"
overlay_mount
rm "$M/dir/file"
rmdir "$M/dir"
absent "$M/dir"
is_whiteout "$U/dir"
overlay_remount
lists "$M"
