# SPDX-License-Identifier: GPL-2.0-or-later
# An upper directory moved to where a lower one was removed does not show the lower one's names.
put "$L/d/low"
overlay_mount
rm -r "$M/d"
mkdir "$M/new"
echo x >"$M/new/up"
mv -T "$M/new" "$M/d"
lists "$M/d" up
is_opaque "$U/d"
overlay_remount
lists "$M/d" up
