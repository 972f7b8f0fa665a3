# SPDX-License-Identifier: GPL-2.0-or-later
# Setting an ACL by an owner who is not in the group takes the setgid bit away.
put "$L/f" text
chown 1000:1001 "$L/f"
chmod 2755 "$L/f"
overlay_mount
as_id 1000 setfacl -m u:1001:rx "$M/f" 2>/dev/null || skip "no ACLs on this file system"
mode_is "$M/f" 755
