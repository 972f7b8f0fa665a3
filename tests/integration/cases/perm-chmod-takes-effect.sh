# SPDX-License-Identifier: GPL-2.0-or-later
# chmod through the mount decides at once, also for names that were looked up before.
put "$L/d/f" text
overlay_mount
same text "$(as_id 1000 cat "$M/d/f")"
chmod 600 "$M/d/f"
fails_with EACCES as_id 1000 cat "$M/d/f"
chmod 644 "$M/d/f"
chmod 700 "$M/d"
fails_with EACCES as_id 1000 cat "$M/d/f"
chmod 755 "$M/d"
same text "$(as_id 1000 cat "$M/d/f")"
