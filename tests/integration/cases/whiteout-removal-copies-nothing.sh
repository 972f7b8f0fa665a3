# SPDX-License-Identifier: GPL-2.0-or-later
# Removing a big lower file copies no data into the upper layer.
truncate -s 1M "$L/big"
dd if=/dev/urandom of="$L/big" bs=64k count=64 status=none
overlay_mount
rm "$M/big"
is_whiteout "$U/big"
[ "$(du -sk "$U" | cut -f 1)" -lt 100 ] || fail "the upper layer has grown"
