# SPDX-License-Identifier: GPL-2.0-or-later
# An owner whose own bits deny is denied, whatever others may.
put "$L/f" text
chown 1000:1000 "$L/f"
chmod 0077 "$L/f"
overlay_mount
fails_with EACCES as_id 1000 cat "$M/f"
same text "$(as_id 1001 cat "$M/f")"
