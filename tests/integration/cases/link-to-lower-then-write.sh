# SPDX-License-Identifier: GPL-2.0-or-later
# A lower file linked through the mount: both names are written together, after remount as well.
put "$L/a" x
overlay_mount
ln "$M/a" "$M/b"
echo more >>"$M/b"
has "$M/a" $'x\nmore'
overlay_remount
echo again >>"$M/a"
has "$M/b" $'x\nmore\nagain'
nlink_is "$M/b" 2
