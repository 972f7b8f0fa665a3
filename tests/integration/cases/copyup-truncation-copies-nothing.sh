# SPDX-License-Identifier: GPL-2.0-or-later
# A big lower file opened with O_TRUNC is not copied before it is emptied.
dd if=/dev/zero of="$L/big" bs=1M count=64 status=none
put "$L/big2"
overlay_mount
: >"$M/big"
size_is "$U/big" 0
[ "$(du -sk "$U" | cut -f 1)" -lt 100 ] || fail "the upper layer has grown"
