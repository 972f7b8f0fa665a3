# SPDX-License-Identifier: GPL-2.0-or-later
# Copying a device node up keeps its numbers.
mknod "$L/c" c 1 3 2>/dev/null || skip "device nodes cannot be made here"
mknod "$L/b" b 259 65537
overlay_mount
chmod 600 "$M/c"
mv "$M/b" "$M/b2"
type_is "$M/c" c
rdev_is "$M/c" 1:3
rdev_is "$U/c" 1:3
type_is "$M/b2" b
rdev_is "$M/b2" 259:65537
rdev_is "$U/b2" 259:65537
overlay_remount
rdev_is "$M/b2" 259:65537
