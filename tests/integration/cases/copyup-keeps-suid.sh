# SPDX-License-Identifier: GPL-2.0-or-later
# Copy-up by chown of root's own, utimes or setxattr keeps suid and sgid bits.
put "$L/a" text
put "$L/b" text
chmod 6755 "$L/a" "$L/b"
overlay_mount
sys utimes "$M/a" 1 2
setfattr -n user.x -v y "$M/b"
mode_is "$M/a" 6755
mode_is "$U/a" 6755
mode_is "$M/b" 6755
