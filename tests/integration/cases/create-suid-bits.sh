# SPDX-License-Identifier: GPL-2.0-or-later
# A file can be made with suid, sgid and sticky bits at once.
overlay_mount
sys open "$M/f" wronly,creat 7755
mode_is "$M/f" 7755
mkdir -m 3777 "$M/d"
mode_is "$M/d" 3777
