# SPDX-License-Identifier: GPL-2.0-or-later
# A new directory of a new name shows nothing but what is put into it, also after remount.
put "$L/other"
overlay_mount
mkdir "$M/new"
lists "$M/new"
echo x >"$M/new/f"
overlay_remount
lists "$M/new" f
