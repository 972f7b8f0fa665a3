# SPDX-License-Identifier: GPL-2.0-or-later
# At the old name a new directory shows nothing of the lower one, which has moved.
redirects_on
put "$L/d/f" content
overlay_mount
sys rename "$M/d" "$M/e"
mkdir "$M/d"
lists "$M/d"
echo x >"$M/d/f"
overlay_remount
lists "$M/d" f
has "$M/d/f" x
has "$M/e/f" content
