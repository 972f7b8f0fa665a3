# SPDX-License-Identifier: GPL-2.0-or-later
# Out of a lower layer into a directory that is opaque.
redirects_on
put "$L/o/low"
put "$L/d/f" content
overlay_mount
rm -r "$M/o"
mkdir "$M/o"
sys rename "$M/d" "$M/o/d"
lists "$M/o" d
has "$M/o/d/f" content
overlay_remount
lists "$M/o" d
has "$M/o/d/f" content
