# SPDX-License-Identifier: GPL-2.0-or-later
# chown by root of an executable file takes suid and sgid away; a directory keeps its bits.
put "$L/f" text
chmod 6755 "$L/f"
put "$L/g" text
chmod 2644 "$L/g"
mkdir "$L/d"
chmod 6755 "$L/d"
overlay_mount
chown 1000:1000 "$M/f" "$M/g" "$M/d"
mode_is "$M/f" 755
mode_is "$M/g" 2644
mode_is "$M/d" 6755
mode_is "$U/f" 755
