# SPDX-License-Identifier: GPL-2.0-or-later
# rmdir fails while anything is visible, from whichever layer.
layers 2
put "$L2/low/f"
mkdir "$L2/both" "$L1/both"
put "$L1/both/f"
mkdir "$L2/up"
overlay_mount
echo x >"$M/up/f"
for name in low both up; do
	fails_with ENOTEMPTY sys rmdir "$M/$name"
done
rm "$M/low/f" "$M/both/f" "$M/up/f"
rmdir "$M/low" "$M/both" "$M/up"
lists "$M"
