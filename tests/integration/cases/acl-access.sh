# SPDX-License-Identifier: GPL-2.0-or-later
# An access ACL grants and denies, from a lower layer, and set through the mount.
put "$L/f" text
chmod 600 "$L/f"
setfacl -m u:1000:r "$L/f" || skip "no ACLs on this file system"
overlay_mount
same text "$(as_id 1000 cat "$M/f")"
fails_with EACCES as_id 1001 cat "$M/f"
setfacl -m u:1001:rw,u:1000:- "$M/f"
same text "$(as_id 1001 cat "$M/f")"
fails_with EACCES as_id 1000 cat "$M/f"
as_id 1001 sh -c 'echo more >>"$1"' - "$M/f"
overlay_remount
fails_with EACCES as_id 1000 cat "$M/f"
same $'text\nmore' "$(as_id 1001 cat "$M/f")"
