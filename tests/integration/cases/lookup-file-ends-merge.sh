# SPDX-License-Identifier: GPL-2.0-or-later
# A directory is not merged with one that lies below a file of the same name.
layers 3
put "$L3/x/deep" 3
put "$L2/x" file
put "$L1/x/top" 1
overlay_mount
lists "$M/x" top
absent "$M/x/deep"
