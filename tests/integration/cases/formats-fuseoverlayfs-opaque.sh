# SPDX-License-Identifier: GPL-2.0-or-later
# user.fuseoverlayfs.opaque=y makes a directory of a lower layer opaque.
layers 2
put "$L2/d/two"
put "$L1/d/one"
setfattr -n user.fuseoverlayfs.opaque -v y "$L1/d"
without_check cross
overlay_mount
lists "$M/d" one
