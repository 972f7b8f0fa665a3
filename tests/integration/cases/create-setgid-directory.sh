# SPDX-License-Identifier: GPL-2.0-or-later
# In a setgid directory new entries get its group, and directories the bit as well.
mkdir "$L/d"
chown 0:1000 "$L/d"
chmod 2775 "$L/d"
overlay_mount
touch "$M/d/file"
mkdir "$M/d/dir"
ln -s x "$M/d/link"
mkfifo "$M/d/fifo"
for name in file dir link fifo; do owner_is "$M/d/$name" 0:1000; done
mode_is "$M/d/dir" 2755
mode_is "$M/d/file" 644
mode_is "$M/d" 2775
owner_is "$U/d" 0:1000
