# SPDX-License-Identifier: GPL-2.0-or-later
# truncate copies up what stays: to zero, shorter, longer, and to the same size.
put "$L/zero" 0123456789
put "$L/short" 0123456789
put "$L/long" 0123456789
put "$L/same" 0123456789
overlay_mount
sys truncate "$M/zero" 0
sys truncate "$M/short" 4
sys truncate "$M/long" 20
sys truncate "$M/same" 11
size_is "$M/zero" 0
has "$M/short" 0123
size_is "$M/long" 20
same "$(printf '0123456789\n\0\0\0\0\0\0\0\0\0' | sha256sum)" "$(sha256sum <"$M/long")" "sha256"
has "$M/same" 0123456789
size_is "$U/short" 4
size_is "$L/zero" 11
overlay_remount
has "$M/short" 0123
size_is "$M/long" 20
