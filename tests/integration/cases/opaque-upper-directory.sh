# SPDX-License-Identifier: GPL-2.0-or-later
# An opaque directory of the upper layer hides the names below it.
put "$L/d/lower" no
put "$L/d/both" no
opaque "$U/d"
echo yes >"$U/d/both"
overlay_mount
lists "$M/d" both
has "$M/d/both" yes
absent "$M/d/lower"
echo x >"$M/d/lower"
has "$M/d/lower" x
rm "$M/d/lower"
absent "$M/d/lower"
