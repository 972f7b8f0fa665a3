# SPDX-License-Identifier: GPL-2.0-or-later
# Over a lower file and away again: the lower file does not come back.
put "$L/a" a
put "$L/b" b
overlay_mount
mv "$M/a" "$M/b"
mv "$M/b" "$M/c"
absent "$M/a"
absent "$M/b"
has "$M/c" a
mv "$M/c" "$M/a"
has "$M/a" a
lists "$M" a
overlay_remount
lists "$M" a
has "$M/a" a
