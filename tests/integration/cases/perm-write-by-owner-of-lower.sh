# SPDX-License-Identifier: GPL-2.0-or-later
# Who owns a lower file writes it, in a directory of another; the copy stays that owner's.
put "$L/d/f" text
chown 1000:1000 "$L/d/f"
chmod 600 "$L/d/f"
overlay_mount
as_id 1000 sh -c 'echo more >>"$1"' - "$M/d/f"
has "$U/d/f" $'text\nmore'
owner_is "$U/d/f" 1000:1000
mode_is "$U/d/f" 600
owner_is "$U/d" 0:0
fails_with EACCES as_id 1001 cat "$M/d/f"
