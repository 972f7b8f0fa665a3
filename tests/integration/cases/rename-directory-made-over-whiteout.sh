# SPDX-License-Identifier: GPL-2.0-or-later
# A directory made where a lower one was removed is purely upper, and can be renamed.
put "$L/d/low"
overlay_mount
rm -r "$M/d"
mkdir "$M/d"
echo x >"$M/d/up"
mv "$M/d" "$M/e"
lists "$M/e" up
absent "$M/d"
is_whiteout "$U/d"
overlay_remount
lists "$M" e
lists "$M/e" up
