# SPDX-License-Identifier: GPL-2.0-or-later
# The first write copies a lower file up, whole; the lower file stays as it is.
# also: plain
put "$L/d/f" 'first line'
chmod 640 "$L/d/f"
overlay_mount
not_in_upper d
echo 'second line' >>"$M/d/f"
has "$M/d/f" $'first line\nsecond line'
has "$U/d/f" $'first line\nsecond line'
has "$L/d/f" 'first line'
mode_is "$U/d/f" 640
overlay_remount
has "$M/d/f" $'first line\nsecond line'
