# SPDX-License-Identifier: GPL-2.0-or-later
# Away and back to its own name; then something else is at the other one.
redirects_on
put "$L/d/f" content
overlay_mount
sys rename "$M/d" "$M/e"
sys rename "$M/e" "$M/d"
has "$M/d/f" content
absent "$M/e"
mkdir "$M/e"
lists "$M/e"
overlay_remount
has "$M/d/f" content
lists "$M/e"
