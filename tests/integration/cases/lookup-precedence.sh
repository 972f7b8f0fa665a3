# SPDX-License-Identifier: GPL-2.0-or-later
# Of a file that several layers have, the topmost is seen.
layers 3
put "$L3/a" three
put "$L3/b" three
put "$L3/c" three
put "$L2/a" two
put "$L2/b" two
put "$L1/a" one
put "$U/a" upper
overlay_mount
has "$M/a" upper
has "$M/b" two
has "$M/c" three
lists "$M" a b c
