# SPDX-License-Identifier: GPL-2.0-or-later
# From a lower directory to an upper one, to a merged one, and back.
put "$L/low/f" f
put "$L/merged/x"
mkdir "$U/merged"
overlay_mount
mkdir "$M/up"
mv "$M/low/f" "$M/up/f"
has "$M/up/f" f
absent "$M/low/f"
mv "$M/up/f" "$M/merged/f"
has "$M/merged/f" f
mv "$M/merged/f" "$M/low/f"
has "$M/low/f" f
lists "$M/up"
lists "$M/merged" x
overlay_remount
has "$M/low/f" f
lists "$M/merged" x
lists "$M/up"
