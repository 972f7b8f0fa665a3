# SPDX-License-Identifier: GPL-2.0-or-later
# Removing a name of a lower layer leaves a whiteout in the upper layer.
# also: plain
put "$L/file"
put "$L/dir/file"
ln -s x "$L/link"
overlay_mount
rm "$M/file" "$M/link" "$M/dir/file"
absent "$M/file" "$M/link" "$M/dir/file"
lists "$M/dir"
is_whiteout "$U/file" "$U/link" "$U/dir/file"
overlay_remount
lists "$M" dir
lists "$M/dir"
