# SPDX-License-Identifier: GPL-2.0-or-later
# Empty layers show an empty tree, to which things can be added.
layers 2
overlay_mount
lists "$M"
echo new >"$M/new"
has "$M/new" new
has "$U/new" new
