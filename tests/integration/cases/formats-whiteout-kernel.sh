# SPDX-License-Identifier: GPL-2.0-or-later
# Removing leaves a character device 0:0, as the kernel writes it.
put "$L/f"
overlay_mount
rm "$M/f"
is_whiteout "$U/f"
same 0:0 "$(stat -c %u:%g "$U/f")" "owner of the whiteout"
