# SPDX-License-Identifier: GPL-2.0-or-later
# One name of a file replaced by rename: the others stay, one link fewer.
overlay_mount
echo x >"$M/a"
ln "$M/a" "$M/b"
echo new >"$M/n"
mv "$M/n" "$M/a"
has "$M/a" new
has "$M/b" x
nlink_is "$M/b" 1
