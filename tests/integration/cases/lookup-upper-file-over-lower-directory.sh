# SPDX-License-Identifier: GPL-2.0-or-later
# A file in the upper layer hides the lower directory; the same for a symlink.
put "$L/f/inside"
put "$L/l/inside"
put "$L/elsewhere/other" other
put "$U/f" file
ln -s elsewhere "$U/l"
overlay_mount
type_is "$M/f" f
type_is "$M/l" l
has "$M/l/other" other
absent "$M/l/inside"
