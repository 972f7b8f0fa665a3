# SPDX-License-Identifier: GPL-2.0-or-later
# Truncation of a file of which only metadata were copied up.
metacopy_on
put "$L/f" 0123456789
put "$L/g" 0123456789
overlay_mount
chmod 600 "$M/f" "$M/g"
sys truncate "$M/f" 4
: >"$M/g"
has "$M/f" 0123
size_is "$M/g" 0
overlay_remount
has "$M/f" 0123
size_is "$M/g" 0
