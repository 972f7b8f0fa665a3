# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# A renamed directory that its owner has closed to himself is found again after a remount, and its parent stays
# readable.
put "$L/d/f" f
put "$L/top" top
[ "$AS" = root ] || without_check cross # the kernel follows no redirects there
OPTIONS+=,redirect_dir=on
overlay_mount
mv "$M/d" "$M/e"
lists "$M/e" f
chmod 0 "$M/e"
overlay_remount
lists "$M" e top
mode_is "$M/e" 0
has "$M/top" top
chmod 755 "$M/e"
lists "$M/e" f
has "$M/e/f" f
