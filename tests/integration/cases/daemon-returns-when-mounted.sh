# SPDX-License-Identifier: GPL-2.0-or-later
# The command returns with status 0 when the mount answers, and the daemon goes on.
# only: fuse
# also: plain
put "$L/f" text
for _ in 1 2 3 4 5; do
	overlay_mount
	has "$M/f" text
	overlay_umount
done
overlay_mount
