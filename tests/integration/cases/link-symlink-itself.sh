# SPDX-License-Identifier: GPL-2.0-or-later
# link(2) of a symlink makes a second name of the symlink.
ln -s t "$L/low"
overlay_mount
ln -s u "$M/up"
sys link "$M/low" "$M/low2"
sys link "$M/up" "$M/up2"
target_is "$M/low2" t
target_is "$M/up2" u
nlink_is "$M/low" 2
put "$M/t" file
sys linkfollow "$M/low" "$M/file2"
has "$M/file2" file
