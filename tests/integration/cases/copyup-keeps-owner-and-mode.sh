# SPDX-License-Identifier: GPL-2.0-or-later
# Copy-up by a write of the owner keeps owner, group and mode of file and directories.
mkdir -p "$L/d/e"
put "$L/d/e/f" text
chown 1000:1001 "$L/d/e/f"
chown 1001:1000 "$L/d/e"
chmod 604 "$L/d/e/f"
chmod 3775 "$L/d/e"
overlay_mount
as_id 1000 sh -c 'echo more >>"$1"' - "$M/d/e/f"
has "$U/d/e/f" $'text\nmore'
owner_is "$U/d/e/f" 1000:1001
mode_is "$U/d/e/f" 604
owner_is "$U/d/e" 1001:1000
mode_is "$U/d/e" 3775
owner_is "$U/d" 0:0
