# SPDX-License-Identifier: GPL-2.0-or-later
# A directory in a higher layer hides a file of that name.
layers 2
put "$L2/x" hidden
put "$L1/x/inside" seen
overlay_mount
type_is "$M/x" d
lists "$M/x" inside
has "$M/x/inside" seen
