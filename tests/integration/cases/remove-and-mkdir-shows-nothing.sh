# SPDX-License-Identifier: GPL-2.0-or-later
# A directory removed and made again shows nothing of the lower layers, now and after remount.
layers 2
put "$L2/d/two"
put "$L2/d/sub/deep"
put "$L1/d/one"
overlay_mount
rm -r "$M/d"
mkdir "$M/d"
lists "$M/d"
mkdir "$M/d/sub"
lists "$M/d/sub"
echo x >"$M/d/two"
overlay_remount
lists "$M/d" sub two
lists "$M/d/sub"
has "$M/d/two" x
