# SPDX-License-Identifier: GPL-2.0-or-later
# To a name whose lower directory was removed: nothing of that comes back.
redirects_on
put "$L/d/f" content
put "$L/t/hidden"
overlay_mount
rm -r "$M/t"
sys rename "$M/d" "$M/t"
lists "$M/t" f
overlay_remount
lists "$M/t" f
lists "$M" t
