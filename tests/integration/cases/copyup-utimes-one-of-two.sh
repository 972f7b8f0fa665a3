# SPDX-License-Identifier: GPL-2.0-or-later
# UTIME_OMIT leaves the other time alone; UTIME_NOW sets about now.
put "$L/f" text
sys utimes "$L/f" 100.1 200.2
overlay_mount
sys utimes "$M/f" omit 300.3
same 100.100000000 "$(stat -c %.9X "$M/f")" atime
mtime_is "$M/f" 300.300000000
sys utimes "$M/f" now omit
mtime_is "$M/f" 300.300000000
[ $(($(date +%s) - $(stat -c %X "$M/f"))) -lt 100 ] || fail "atime is not now"
