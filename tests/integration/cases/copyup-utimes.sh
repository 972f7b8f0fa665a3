# SPDX-License-Identifier: GPL-2.0-or-later
# Setting times copies up, with nanoseconds, and also a symlink's own.
put "$L/f" text
ln -s f "$L/l"
mkdir "$L/d"
overlay_mount
sys utimes "$M/f" 1000000000.123456789 1100000000.987654321
sys utimes "$M/l" 5.000000001 6.000000002
sys utimes "$M/d" 7 8
mtime_is "$M/f" 1100000000.987654321
same 1000000000.123456789 "$(stat -c %.9X "$M/f")" atime
mtime_is "$U/f" 1100000000.987654321
mtime_is "$M/l" 6.000000002
mtime_is "$M/d" 8.000000000
overlay_remount
mtime_is "$M/f" 1100000000.987654321
mtime_is "$M/l" 6.000000002
