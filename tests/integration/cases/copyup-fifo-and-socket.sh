# SPDX-License-Identifier: GPL-2.0-or-later
# Copying a FIFO or a socket up keeps type, mode, owner and times.
mkfifo "$L/p"
sys mknod "$L/s" s
chmod 640 "$L/p"
chmod 606 "$L/s"
chown 1000:1001 "$L/p" "$L/s"
sys utimes "$L/p" 100 200.5
sys utimes "$L/s" 100 300.5
overlay_mount
mv "$M/p" "$M/p2"
mv "$M/s" "$M/s2"
type_is "$M/p2" p
type_is "$M/s2" s
mode_is "$M/p2" 640
mode_is "$U/s2" 606
owner_is "$M/p2" 1000:1001
mtime_is "$M/p2" 200.500000000
mtime_is "$U/s2" 300.500000000
overlay_remount
type_is "$M/p2" p
