# SPDX-License-Identifier: GPL-2.0-or-later
# A FIFO and a socket made where lower files were removed.
put "$L/a"
put "$L/b"
overlay_mount
rm "$M/a" "$M/b"
mkfifo -m 600 "$M/a"
sys mknod "$M/b" s
type_is "$M/a" p
mode_is "$M/a" 600
type_is "$M/b" s
overlay_remount
type_is "$M/a" p
type_is "$M/b" s
