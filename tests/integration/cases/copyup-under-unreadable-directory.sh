# SPDX-License-Identifier: GPL-2.0-or-later
# Under directories of mode 0 and 0111 root reads, copies up and creates.
put "$L/d/e/f" old
chmod 111 "$L/d/e"
chmod 0 "$L/d"
overlay_mount
echo new >>"$M/d/e/f"
has "$M/d/e/f" $'old\nnew'
echo x >"$M/d/e/g"
mode_is "$M/d" 0
mode_is "$M/d/e" 111
lists "$M/d/e" f g
