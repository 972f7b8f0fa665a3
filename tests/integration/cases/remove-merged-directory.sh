# SPDX-License-Identifier: GPL-2.0-or-later
# A merged directory is removed when all that is left in it is whiteouts.
layers 2
put "$L2/d/a"
put "$L1/d/b"
mkdir "$L2/d/sub"
overlay_mount
echo x >"$M/d/c"
rm "$M/d/a" "$M/d/b" "$M/d/c"
rmdir "$M/d/sub"
is_whiteout "$U/d/a" "$U/d/b" "$U/d/sub"
rmdir "$M/d"
absent "$M/d"
is_whiteout "$U/d"
overlay_remount
absent "$M/d"
