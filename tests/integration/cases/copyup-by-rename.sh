# SPDX-License-Identifier: GPL-2.0-or-later
# Renaming a lower file copies it up under the new name and leaves a whiteout.
put "$L/f" text
chmod 751 "$L/f"
setfattr -n user.a -v 1 "$L/f"
sys utimes "$L/f" 100 200.5
overlay_mount
mv "$M/f" "$M/g"
absent "$M/f"
has "$M/g" text
mode_is "$M/g" 751
mtime_is "$M/g" 200.500000000
xattr_is "$M/g" user.a 1
is_whiteout "$U/f"
overlay_remount
lists "$M" g
