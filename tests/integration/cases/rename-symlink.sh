# SPDX-License-Identifier: GPL-2.0-or-later
# Symlinks of either layer are renamed, over files and over symlinks, without being followed.
ln -s low-target "$L/low"
put "$L/file" file
ln -s other "$L/other"
overlay_mount
ln -s up-target "$M/up"
mv -T "$M/low" "$M/low2"
target_is "$M/low2" low-target
sys rename "$M/up" "$M/file"
target_is "$M/file" up-target
sys rename "$M/low2" "$M/other"
target_is "$M/other" low-target
lists "$M" file other
overlay_remount
target_is "$M/file" up-target
target_is "$M/other" low-target
lists "$M" file other
