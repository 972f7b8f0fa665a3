# SPDX-License-Identifier: GPL-2.0-or-later
# A removed directory that is somebody's current one is gone for lookups in it.
put "$L/d/f"
overlay_mount
(
	cd "$M/d"
	rm f
	rmdir "$M/d"
	fails_with ENOENT sys open new wronly,creat
	fails_with ENOENT sys stat f
)
absent "$M/d"
