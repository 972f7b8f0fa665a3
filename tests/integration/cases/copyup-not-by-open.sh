# SPDX-License-Identifier: GPL-2.0-or-later
# Opening for writing without writing changes nothing that can be seen, whoever copies when.
put "$L/f" text
sys utimes "$L/f" 100 200.5
overlay_mount
sys open "$M/f" rdwr
sys open "$M/f" wronly
sys open "$M/f" rdwr,append
has "$M/f" text
mtime_is "$M/f" 200.500000000
[ "$FS" = kernel ] || not_in_upper f
