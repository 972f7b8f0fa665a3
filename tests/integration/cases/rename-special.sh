# SPDX-License-Identifier: GPL-2.0-or-later
# FIFOs, sockets and devices are renamed from either layer.
mkfifo "$L/p"
sys mknod "$L/s" s
overlay_mount
mkfifo "$M/q"
mv "$M/p" "$M/p2"
mv "$M/s" "$M/s2"
mv "$M/q" "$M/p"
lists "$M" p p2 s2
overlay_remount
type_is "$M/p" p
type_is "$M/p2" p
type_is "$M/s2" s
lists "$M" p p2 s2
