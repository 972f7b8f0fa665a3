# SPDX-License-Identifier: GPL-2.0-or-later
# Removing a file that was copied up leaves a whiteout in its place.
put "$L/file"
overlay_mount
echo more >>"$M/file"
in_upper file
rm "$M/file"
is_whiteout "$U/file"
absent "$M/file"
