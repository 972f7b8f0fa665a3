# SPDX-License-Identifier: GPL-2.0-or-later
# What is no entry of an index forbids the mount, and is left alone.
index_on
put "$L/a" old
ln "$L/a" "$L/b"
overlay_mount
echo new >>"$M/a"
overlay_umount
entry=$(find "$W/index" -type f)
touch "$W/index/notes.txt"
fails overlay_mount
exists "$W/index/notes.txt"
rm "$W/index/notes.txt"
setfattr -x "$X.origin" "$entry"
fails_with ENODATA overlay_mount
exists "$entry"
setfattr -n "$X.origin" -v "0x${entry##*/}" "$entry"
overlay_mount
has "$M/b" $'old\nnew'
