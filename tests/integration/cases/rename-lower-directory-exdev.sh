# SPDX-License-Identifier: GPL-2.0-or-later
# With redirects off a directory of a lower layer cannot be renamed: EXDEV, and mv(1) copies instead.
layers 2
put "$L2/low/sub/f" content
put "$L2/merged/f" f
put "$L1/merged/g" g
overlay_mount -o redirect_dir=nofollow
mkdir "$M/target"
fails_with EXDEV sys rename "$M/low" "$M/new"
fails_with EXDEV sys rename "$M/merged" "$M/new"
fails_with EXDEV sys rename "$M/low" "$M/target"
lists "$M" low merged target
mv "$M/low" "$M/new"
has "$M/new/sub/f" content
absent "$M/low"
lists "$M/merged" f g
overlay_remount
has "$M/new/sub/f" content
absent "$M/low"
