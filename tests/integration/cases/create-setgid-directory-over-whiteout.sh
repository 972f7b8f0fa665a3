# SPDX-License-Identifier: GPL-2.0-or-later
# The same where lower entries of these names were removed.
mkdir "$L/d"
put "$L/d/file"
mkdir "$L/d/dir"
chown 0:1000 "$L/d"
chmod 2775 "$L/d"
overlay_mount
rm -r "$M/d/file" "$M/d/dir"
touch "$M/d/file"
mkdir "$M/d/dir"
owner_is "$M/d/file" 0:1000
owner_is "$M/d/dir" 0:1000
mode_is "$M/d/dir" 2755
