# SPDX-License-Identifier: GPL-2.0-or-later
# Ids that stand for no stored one cannot own anything: EOVERFLOW, and nothing has changed.
map_ids 0:0:10 1000:1000:1
put "$L/file"
mkdir "$L/dir"
chmod 777 "$L/dir"
overlay_mount
fails_with EOVERFLOW sys chown "$M/file" 10 -1
fails_with EOVERFLOW sys chown "$M/file" -1 10
fails_with EOVERFLOW sys chown "$M/file" 1 1001
owner_is "$M/file" 0:0
fails_with EOVERFLOW as_id 1001:1000 touch "$M/dir/new"
fails_with EOVERFLOW as_id 1000:1001 mkdir "$M/dir/new"
fails_with EOVERFLOW as_id 1001 ln -s x "$M/dir/new"
lists "$M/dir"
sys chown "$M/file" 9 1000
owner_is "$M/file" 9:1000
