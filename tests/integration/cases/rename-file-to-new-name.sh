# SPDX-License-Identifier: GPL-2.0-or-later
# A file of the lower layer, of the upper, and a copied-up one get new names.
# also: plain
put "$L/low" low
put "$L/cop" cop
overlay_mount
echo up >"$M/up"
echo more >>"$M/cop"
for name in low up cop; do mv "$M/$name" "$M/new-$name"; done
lists "$M" new-low new-up new-cop
has "$M/new-low" low
has "$M/new-up" up
has "$M/new-cop" $'cop\nmore'
is_whiteout "$U/low" "$U/cop"
not_in_upper up
overlay_remount
lists "$M" new-low new-up new-cop
has "$M/new-cop" $'cop\nmore'
