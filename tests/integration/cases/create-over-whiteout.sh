# SPDX-License-Identifier: GPL-2.0-or-later
# A file made where a lower one was removed is new: content, mode, owner.
put "$L/f" old
chmod 755 "$L/f"
chown 7:7 "$L/f" 2>/dev/null || skip "cannot chown here"
overlay_mount
rm "$M/f"
echo new >"$M/f"
has "$M/f" new
mode_is "$M/f" 644
owner_is "$M/f" 0:0
type_is "$U/f" f
overlay_remount
has "$M/f" new
mode_is "$M/f" 644
