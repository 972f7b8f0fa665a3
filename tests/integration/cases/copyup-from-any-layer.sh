# SPDX-License-Identifier: GPL-2.0-or-later
# A file is copied up from whichever layer it is in, the directories above it from theirs.
layers 3
put "$L3/a/three" 3
put "$L2/a/two" 2
mkdir -p "$L1/a"
chmod 700 "$L3/a"
chmod 711 "$L2/a"
chmod 755 "$L1/a"
put "$L3/only3/x" 3
chmod 701 "$L3/only3"
overlay_mount
echo x >>"$M/a/three"
echo x >>"$M/a/two"
echo x >>"$M/only3/x"
mode_is "$U/a" 755
mode_is "$U/only3" 701
has "$U/a/three" $'3\nx'
has "$U/a/two" $'2\nx'
