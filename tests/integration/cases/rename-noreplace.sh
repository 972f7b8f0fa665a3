# SPDX-License-Identifier: GPL-2.0-or-later
# RENAME_NOREPLACE fails with EEXIST on whatever is there, and works over a whiteout.
put "$L/a" a
put "$L/low"
put "$L/gone"
mkdir "$L/dir"
ln -s nowhere "$L/dangling"
overlay_mount
echo u >"$M/up"
rm "$M/gone"
for target in low up dir dangling; do
	fails_with EEXIST sys rename "$M/a" "$M/$target" noreplace
done
sys rename "$M/a" "$M/gone" noreplace
has "$M/gone" a
sys rename "$M/gone" "$M/new" noreplace
has "$M/new" a
overlay_remount
lists "$M" dangling dir low new up
