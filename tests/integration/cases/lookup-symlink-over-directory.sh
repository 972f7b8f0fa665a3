# SPDX-License-Identifier: GPL-2.0-or-later
# A symlink in a higher lower layer hides a directory, and is followed within the merged tree.
layers 2
put "$L2/d/below" below
put "$L2/target/t" t
ln -s target "$L1/d"
put "$L1/target/u" u
overlay_mount
lists "$M/d/." t u
absent "$M/d/below"
