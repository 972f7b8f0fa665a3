# SPDX-License-Identifier: GPL-2.0-or-later
# A name onto itself changes nothing.
put "$L/low" low
mkdir "$L/d"
overlay_mount
echo up >"$M/up"
sys rename "$M/low" "$M/low"
sys rename "$M/up" "$M/up"
sys rename "$M/d" "$M/d"
has "$M/low" low
has "$M/up" up
exists "$M/d"
overlay_remount
has "$M/low" low
