# SPDX-License-Identifier: GPL-2.0-or-later
# Group membership counts, by the caller's own and by supplementary groups.
put "$L/f" text
chown 0:1001 "$L/f"
chmod 640 "$L/f"
overlay_mount
fails_with EACCES as_id 1000 cat "$M/f"
same text "$(as_id 1000:1001 cat "$M/f")"
same text "$(setpriv --reuid 1000 --regid 1000 --groups 5,1001 cat "$M/f")"
