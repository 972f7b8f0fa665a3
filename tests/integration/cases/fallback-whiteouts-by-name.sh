# SPDX-License-Identifier: GPL-2.0-or-later
# With FUSE_OVERLAYFS_DISABLE_OVL_WHITEOUT whiteouts are `.wh.` files, and mean the same.
# only: fuse
export FUSE_OVERLAYFS_DISABLE_OVL_WHITEOUT=1
put "$L/f" low
put "$L/d/x"
put "$L/d/y"
without_check cross
overlay_mount
rm "$M/f" "$M/d/x"
lists "$M" d
lists "$M/d" y
exists "$U/.wh.f" "$U/d/.wh.x"
echo new >"$M/f"
has "$M/f" new
rm "$M/f"
rm -r "$M/d"
lists "$M"
mkdir "$M/d"
lists "$M/d"
overlay_remount
lists "$M" d
lists "$M/d"
mv "$M/d" "$M/e"
lists "$M" e
