# SPDX-License-Identifier: GPL-2.0-or-later
# A directory made where a lower file was removed is empty.
layers 2
put "$L2/x/hidden"
put "$L1/x" file
overlay_mount
rm "$M/x"
mkdir "$M/x"
lists "$M/x"
overlay_remount
lists "$M/x"
