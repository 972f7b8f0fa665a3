# SPDX-License-Identifier: GPL-2.0-or-later
# A merged directory has mode, owner and times of its topmost layer.
layers 3
mkdir "$L3/d" "$L2/d" "$L1/d"
chmod 700 "$L3/d"
chmod 711 "$L2/d"
chmod 2750 "$L1/d"
chown 5:6 "$L1/d"
chmod 2750 "$L1/d"
sys utimes "$L1/d" 10 20
overlay_mount
mode_is "$M/d" 2750
owner_is "$M/d" 5:6
mtime_is "$M/d" 20.000000000
