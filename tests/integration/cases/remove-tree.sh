# SPDX-License-Identifier: GPL-2.0-or-later
# rm -rf of a deep merged tree leaves one whiteout.
layers 2
for ((i = 0; i < 8; i++)); do
	put "$L2/t/a$i/b$i/c$i/two"
	put "$L1/t/a$i/b$i/one"
done
overlay_mount
echo x >"$M/t/a3/b3/up"
rm -rf "$M/t"
lists "$M"
is_whiteout "$U/t"
lists "$U" t
overlay_remount
lists "$M"
