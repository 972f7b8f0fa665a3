# SPDX-License-Identifier: GPL-2.0-or-later
# What every upper must bear, whatever it lacks: the case has said that by `without`.
put "$L/f" low
put "$L/g" low
put "$L/d/x" low
put "$L/d/sub/y" low
put "$L/e/z" low
without_check cross
overlay_mount
rm "$M/f"
mv "$M/g" "$M/g2"
rm -r "$M/d"
mkdir "$M/d"
echo new >"$M/d/new"
echo more >>"$M/e/z"
mv "$M/e/z" "$M/e/zz"
rm "$M/e/zz"
ln "$M/g2" "$M/g3"
mkdir "$M/h"
mv "$M/h" "$M/h2"
rmdir "$M/h2"
mv "$M/d" "$M/i"
mkdir "$M/d"
for _ in 1 2; do
	lists "$M" d e g2 g3 i
	lists "$M/d"
	lists "$M/i" new
	lists "$M/e"
	has "$M/g2" low
	absent "$M/f" "$M/g" "$M/e/z"
	overlay_remount
done
