# SPDX-License-Identifier: GPL-2.0-or-later
# Hard links to FIFOs and devices of the lower layer.
mkfifo "$L/p"
overlay_mount
ln "$M/p" "$M/q"
type_is "$M/q" p
nlink_is "$M/p" 2
overlay_remount
type_is "$M/q" p
nlink_is "$M/p" 2
