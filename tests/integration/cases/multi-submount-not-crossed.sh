# SPDX-License-Identifier: GPL-2.0-or-later
# A file system mounted inside a layer is not seen: a layer is one file system.
[ "$AS" = plain ] && skip "cannot mount a tmpfs"
put "$L/d/covered" covered
mount -t tmpfs none "$L/d"
finally umount "$L/d"
put "$L/d/above" above
without_check lower remount
overlay_mount
lists "$M/d" covered
