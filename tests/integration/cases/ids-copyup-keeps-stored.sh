# SPDX-License-Identifier: GPL-2.0-or-later
# Copy-up gives the copy the owner that the original has in its layer, whoever it is shown as.
map_ids 0:1000:10 10:0:10
put "$L/d/file"
put "$L/d/cap"
chown 3:12 "$L/d/file"
chown 5:4 "$L/d"
chmod 777 "$L/d"
chown 4:4 "$L/d/cap"
chmod 4755 "$L/d/cap"
ln -s x "$L/link"
chown -h 2:13 "$L/link"
overlay_mount
echo more >>"$M/d/file"
touch "$M/d/cap"
touch -h "$M/link"
owner_is "$U/d" 5:4
owner_is "$U/d/file" 3:12
owner_is "$U/d/cap" 4:4
owner_is "$U/link" 2:13
mode_is "$M/d/cap" 4755
owner_is "$M/d/file" 1003:2
owner_is "$M/link" 1002:3
