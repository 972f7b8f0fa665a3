# SPDX-License-Identifier: GPL-2.0-or-later
# SIGTERM while a file is open: whatever was written is in the upper layer, and nothing is left mounted.
# only: fuse
put "$L/f" text
overlay_mount
exec 5>>"$M/f"
echo more >&5
end_by TERM
exec 5>&-
has "$U/f" $'text\nmore'
