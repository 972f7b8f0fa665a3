# SPDX-License-Identifier: GPL-2.0-or-later
# A whiteout in a middle layer hides what is below it, not what is above.
layers 3
put "$L3/a" three
put "$L3/b" three
put "$L3/c" three
whiteout "$L2/a" "$L2/b"
put "$L1/b" one
overlay_mount
absent "$M/a"
has "$M/b" one
has "$M/c" three
lists "$M" b c
