# SPDX-License-Identifier: GPL-2.0-or-later
# only: fuse
# Layers named one by one: lowerdir+ and datadir+, the data-only ones last.
data_layers 1
metacopy "$L/a" 5 /x
put "$D1/x" data
"$FUSE_OVERLAY" -o "lowerdir+=$L,datadir+=$D1,upperdir=$U,workdir=$W,allow_other" "$M"
finally umount "$M"
has "$M/a" data
lists "$M" a
fails "$FUSE_OVERLAY" -o "datadir+=$D1,lowerdir+=$L" "$M"
