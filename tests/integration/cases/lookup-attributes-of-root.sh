# SPDX-License-Identifier: GPL-2.0-or-later
# The root of the mount has mode, owner and times of the upper layer's root.
chmod 751 "$U"
chown 12:34 "$U"
sys utimes "$U" 100 200.5
overlay_mount
mode_is "$M" 751
owner_is "$M" 12:34
mtime_is "$M" 200.500000000
chmod 700 "$M"
mode_is "$U" 700
