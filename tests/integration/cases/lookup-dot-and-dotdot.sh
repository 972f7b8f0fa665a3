# SPDX-License-Identifier: GPL-2.0-or-later
# `.` and `..` lead where they should, also out of a merged directory and out of the mount.
layers 2
put "$L2/d/e/f" f
put "$L1/d/e/g" g
overlay_mount
has "$M/d/e/../e/./f" f
same "$(ino "$M/d")" "$(ino "$M/d/e/..")" "inode of .."
same "$(ino "$T")" "$(ino "$M/..")" "inode of .. of the mount"
