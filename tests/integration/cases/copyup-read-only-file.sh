# SPDX-License-Identifier: GPL-2.0-or-later
# A 0444 and a 0000 file can be written by root, be they copied up or not.
put "$L/r" old
put "$L/n" old
chmod 444 "$L/r"
chmod 0 "$L/n"
overlay_mount
echo new >>"$M/r"
echo new >>"$M/n"
has "$M/r" $'old\nnew'
has "$M/n" $'old\nnew'
mode_is "$M/r" 444
mode_is "$M/n" 0
mode_is "$U/n" 0
