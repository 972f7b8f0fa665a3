# SPDX-License-Identifier: GPL-2.0-or-later
# only: fuse
# With static_nlink every directory shows the link count 1, files their own.
mkdir -p "$L/lower/a" "$L/lower/b" "$L/both" "$U/both/c" "$U/upper/d"
put "$L/f"
ln "$L/f" "$L/g"
overlay_mount -o static_nlink
mkdir -p "$M/new/e"
for dir in . lower lower/a both upper upper/d new; do
	nlink_is "$M/$dir" 1
done
nlink_is "$M/f" 2
overlay_umount
overlay_mount
nlink_is "$M/upper" 3
nlink_is "$M/new" 3
