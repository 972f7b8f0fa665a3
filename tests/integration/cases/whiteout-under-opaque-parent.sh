# SPDX-License-Identifier: GPL-2.0-or-later
# In an opaque directory no whiteouts are needed for what is removed.
put "$L/dir/file"
overlay_mount
rm -r "$M/dir"
mkdir "$M/dir"
echo x >"$M/dir/file"
rm "$M/dir/file"
lists "$M/dir"
overlay_remount
lists "$M/dir"
