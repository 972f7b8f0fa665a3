# SPDX-License-Identifier: GPL-2.0-or-later
# Of several metacopies of a file the uppermost says which digest its data have.
shared verity
without_check cross
verity_layers
layers 3
sealed "$L3/f" right
sealed "$L3/g" right
sealed "$L3/h" right
sealed "$L3/i" right
sealed "$L3/old" right
right=$(mark_of "$L3/f")
wrong=0x00240001$(printf '%064d' 7)
marked "$L2/f" 6 "$wrong"
marked "$L1/f" 6 "$right"
marked "$L2/g" 6 "$right"
marked "$L1/g" 6 "$wrong"
marked "$L2/h" 6 "$wrong"
marked "$L1/h" 6 "$NONE"
marked "$L2/i" 6 "$right"
marked "$U/i" 6 "$wrong"
marked "$L1/far" 6 "$right" /f
# As renamed with metacopy=on.
marked "$L1/old" 6 "$wrong"
marked "$U/renamed" 6 "$right" /old
whiteout "$U/old"
metacopy_on
overlay_mount -o verity=on
has "$M/f" right
refused "$M/g" "$M/i"
has "$M/h" right
has "$M/far" right
has "$M/renamed" right
overlay_umount
overlay_mount -o verity=require
has "$M/f" right
refused "$M/g" "$M/h" "$M/i"
has "$M/far" right
has "$M/renamed" right
