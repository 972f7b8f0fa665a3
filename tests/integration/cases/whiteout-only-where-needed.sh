# SPDX-License-Identifier: GPL-2.0-or-later
# Removing a name that no lower layer has leaves nothing behind.
put "$L/other"
mkdir "$L/dir"
overlay_mount
echo x >"$M/file"
echo x >"$M/dir/file"
mkdir "$M/newdir"
ln -s x "$M/link"
rm "$M/file" "$M/dir/file" "$M/link"
rmdir "$M/newdir"
not_in_upper file dir/file newdir link
lists "$M" dir other
