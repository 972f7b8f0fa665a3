# SPDX-License-Identifier: GPL-2.0-or-later
# A copy in the index whose lower file is gone, and that has no name in the upper, is removed at mount.
[ "$AS" = root ] || skip "only root may ask whether a file handle is still good"
index_on
without_check lower
put "$L/a" old
ln "$L/a" "$L/a2"
put "$L/b" old
ln "$L/b" "$L/b2"
overlay_mount
echo new >>"$M/a"
echo new >>"$M/b"
overlay_umount
rm "$L/a" "$L/a2" "$L/b" "$L/b2" "$U/a"
overlay_mount
lists "$M" b
has "$M/b" $'old\nnew'
same 1 "$(find "$W/index" -type f | wc -l)" "files in the index"
