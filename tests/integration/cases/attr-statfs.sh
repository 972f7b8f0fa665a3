# SPDX-License-Identifier: GPL-2.0-or-later
# statfs shows the numbers of the file system that holds the upper layer.
overlay_mount
same "$(stat -f -c '%s %S %b %c' "$U")" "$(stat -f -c '%s %S %b %c' "$M")" "block size, blocks, inodes"
same 255 "$(stat -f -c %l "$M")" "maximal length of a name"
mkdir "$M/d"
same "$(stat -f -c %b "$U")" "$(stat -f -c %b "$M/d")" blocks
