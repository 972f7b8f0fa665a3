# SPDX-License-Identifier: GPL-2.0-or-later
# O_TRUNC empties a lower file, and what is written then is all of it.
put "$L/f" 'a long line of old content'
chmod 751 "$L/f"
overlay_mount
echo new >"$M/f"
has "$M/f" new
mode_is "$M/f" 751
has "$L/f" 'a long line of old content'
: >"$M/f"
size_is "$M/f" 0
overlay_remount
size_is "$M/f" 0
