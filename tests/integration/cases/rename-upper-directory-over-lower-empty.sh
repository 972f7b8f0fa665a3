# SPDX-License-Identifier: GPL-2.0-or-later
# An upper directory replaces an empty lower one; what is moved in shadows nothing, hides nothing new.
mkdir "$L/d"
overlay_mount
mkdir "$M/new"
echo x >"$M/new/up"
sys rename "$M/new" "$M/d"
lists "$M/d" up
overlay_remount
lists "$M/d" up
