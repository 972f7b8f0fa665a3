# SPDX-License-Identifier: GPL-2.0-or-later
# One lower layer alone can be shown.
no_upper
put "$L/d/f" text
whiteout "$L/w"
opaque "$L/d"
overlay_mount
has "$M/d/f" text
absent "$M/w"
lists "$M/d" f
