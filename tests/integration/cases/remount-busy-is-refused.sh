# SPDX-License-Identifier: GPL-2.0-or-later
# A mount that somebody uses cannot be unmounted; then nothing is lost.
put "$L/f" low
overlay_mount
exec 5>>"$M/f"
fails umount_m
echo more >&5
exec 5>&-
has "$M/f" $'low\nmore'
