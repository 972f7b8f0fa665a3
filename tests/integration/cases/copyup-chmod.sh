# SPDX-License-Identifier: GPL-2.0-or-later
# chmod copies up: the mode changes, content and owner stay.
# also: plain
put "$L/f" text
mkdir "$L/d"
overlay_mount
chmod 4711 "$M/f"
chmod 1777 "$M/d"
mode_is "$M/f" 4711
mode_is "$U/f" 4711
mode_is "$L/f" 644
has "$M/f" text
mode_is "$U/d" 1777
overlay_remount
mode_is "$M/f" 4711
has "$M/f" text
