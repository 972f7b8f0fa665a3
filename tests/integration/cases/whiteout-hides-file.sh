# SPDX-License-Identifier: GPL-2.0-or-later
# A whiteout in the upper layer hides a file, a directory and a symlink below it.
put "$L/file"
put "$L/dir/inside"
ln -s file "$L/link"
whiteout "$U/file" "$U/dir" "$U/link"
overlay_mount
absent "$M/file" "$M/dir" "$M/link" "$M/dir/inside"
lists "$M"
