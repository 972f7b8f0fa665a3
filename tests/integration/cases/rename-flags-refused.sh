# SPDX-License-Identifier: GPL-2.0-or-later
# RENAME_WHITEOUT, and flags that contradict each other, give EINVAL.
put "$L/a" a
put "$L/b" b
overlay_mount
echo u >"$M/up"
fails_with EINVAL sys rename "$M/a" "$M/new" whiteout
fails_with EINVAL sys rename "$M/up" "$M/new" whiteout
fails_with EINVAL sys rename "$M/up" "$M/a" noreplace exchange
fails_with EINVAL sys rename "$M/up" "$M/a" whiteout exchange
lists "$M" a b up
