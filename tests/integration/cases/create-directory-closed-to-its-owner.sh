# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# A directory that its owner may not enter can be made where a lower one was removed, and hides it.
put "$L/old/file" text
overlay_mount
rm -r "$M/old"
(umask 0777 && mkdir "$M/old")
mode_is "$M/old" 0
overlay_remount
mode_is "$M/old" 0
chmod 700 "$M/old"
lists "$M/old"
