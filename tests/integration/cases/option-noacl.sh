# SPDX-License-Identifier: GPL-2.0-or-later
# With noacl there are no ACLs, and modes decide.
# only: fuse
put "$L/f" text
overlay_mount -o noacl
fails setfacl -m u:1000:rw "$M/f"
echo x >"$M/new"
chmod 600 "$M/new"
fails_with EACCES as_id 1000 cat "$M/new"
