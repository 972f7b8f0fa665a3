# SPDX-License-Identifier: GPL-2.0-or-later
# The upper layer changed by hand while nothing is mounted is shown as it is now.
put "$L/a" low
put "$L/b" low
put "$L/d/x"
overlay_mount
echo up >"$M/c"
overlay_umount
echo hand >"$U/a"
mknod "$U/b" c 0 0
rm "$U/c"
opaque "$U/d"
overlay_mount
has "$M/a" hand
lists "$M" a d
lists "$M/d"
