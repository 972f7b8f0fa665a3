# SPDX-License-Identifier: GPL-2.0-or-later
# Directories merge at every depth, and stop merging where a layer has no such directory.
layers 4
put "$L4/a/b/c/d/four"
put "$L3/a/b/three"
put "$L2/a/b/c/d/two"
put "$L1/a/one"
overlay_mount
lists "$M/a" b one
lists "$M/a/b" c three
lists "$M/a/b/c/d" four two
