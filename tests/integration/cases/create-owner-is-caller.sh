# SPDX-License-Identifier: GPL-2.0-or-later
# What another user makes belongs to that user, in directories of either layer and over whiteouts.
mkdir "$L/d"
put "$L/d/old"
chmod 777 "$L/d"
overlay_mount
rm "$M/d/old"
as_id 1000 touch "$M/d/file" "$M/d/old"
as_id 1000 mkdir "$M/d/dir"
as_id 1000:1001 ln -s x "$M/d/link"
owner_is "$M/d/file" 1000:1000
owner_is "$M/d/old" 1000:1000
owner_is "$M/d/dir" 1000:1000
owner_is "$M/d/link" 1000:1001
owner_is "$U/d/file" 1000:1000
owner_is "$U/d" 0:0
