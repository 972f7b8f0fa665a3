# SPDX-License-Identifier: GPL-2.0-or-later
# Copying a symlink up keeps target, owner and times.
ln -s some/where "$L/l"
chown -h 1000:1001 "$L/l"
sys utimes "$L/l" 100 200.5
overlay_mount
mv "$M/l" "$M/m"
target_is "$M/m" some/where
owner_is "$M/m" 1000:1001
mtime_is "$M/m" 200.500000000
target_is "$U/m" some/where
owner_is "$U/m" 1000:1001
ln "$M/m" "$M/n"
nlink_is "$M/m" 2
overlay_remount
target_is "$M/n" some/where
