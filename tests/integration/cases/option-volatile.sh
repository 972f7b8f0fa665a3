# SPDX-License-Identifier: GPL-2.0-or-later
# With volatile everything works, fsync succeeds, and nothing is lost by unmounting.
put "$L/f" low
without_check work remount cross
overlay_mount -o volatile
echo more >>"$M/f"
sync "$M/f" "$M"
overlay_umount
has "$U/f" $'low\nmore'
