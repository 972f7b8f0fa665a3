# SPDX-License-Identifier: GPL-2.0-or-later
# In a renamed upper directory, files go on being copied up and found.
put "$L/low" low
overlay_mount
mkdir "$M/d"
mv "$M/low" "$M/d/f"
mv "$M/d" "$M/e"
echo more >>"$M/e/f"
has "$M/e/f" $'low\nmore'
overlay_remount
has "$M/e/f" $'low\nmore'
lists "$M" e
