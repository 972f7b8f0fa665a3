# SPDX-License-Identifier: GPL-2.0-or-later
# A file in a higher layer hides a directory of that name, and everything in it.
layers 2
put "$L2/x/inside" hidden
put "$L1/x" file
overlay_mount
type_is "$M/x" f
has "$M/x" file
absent "$M/x/inside"
fails_with ENOTDIR sys stat "$M/x/inside"
