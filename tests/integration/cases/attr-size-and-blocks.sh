# SPDX-License-Identifier: GPL-2.0-or-later
# st_size and st_blocks follow writes; a sparse file has fewer blocks than its size.
overlay_mount
head -c 100000 /dev/urandom >"$M/f"
sync "$M/f"
size_is "$M/f" 100000
[ "$(stat -c %b "$M/f")" -ge 190 ] || fail "too few blocks: $(stat -c %b "$M/f")"
truncate -s 1G "$M/sparse"
size_is "$M/sparse" 1073741824
[ "$(stat -c %b "$M/sparse")" -lt 100 ] || fail "too many blocks"
