# SPDX-License-Identifier: GPL-2.0-or-later
# The root of the mount cannot be removed.
put "$L/f"
overlay_mount
fails_with EBUSY sys rmdir "$M"
exists "$M/f"
