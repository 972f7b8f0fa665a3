# SPDX-License-Identifier: GPL-2.0-or-later
# A layer with metacopy files becomes a lower one: their data come from further below.
metacopy_on
layers 2
put "$L2/f" content
put "$L2/d/g" other
overlay_mount
chmod 600 "$M/f"
mv "$M/d/g" "$M/h"
chmod 640 "$M/h"
overlay_umount
rmdir "$L1"
mv "$U" "$L1"
rm -rf "$W"
mkdir "$U" "$W"
lower_changed
overlay_mount
has "$M/f" content
mode_is "$M/f" 600
has "$M/h" other
chmod 400 "$M/f"
has "$M/f" content
echo more >>"$M/h"
has "$M/h" $'other\nmore'
overlay_remount
has "$M/f" content
mode_is "$M/f" 400
