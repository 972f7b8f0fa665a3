# SPDX-License-Identifier: GPL-2.0-or-later
# With index=on an upper goes with the lower it was made over, and an index with its upper.
index_on
without_check cross
layers 2
put "$L1/one/f"
put "$L2/two/f"
overlay_mount
overlay_umount
xattr "$U" "$X.origin" >/dev/null
kept=("${LOWERS[@]}")
LOWERS=("$L2" "$L1")
fails_with ESTALE overlay_mount
LOWERS=("${kept[@]}")
mkdir "$T/upper2"
own=$U
U=$T/upper2
fails_with ESTALE overlay_mount
U=$own
overlay_mount
lists "$M" one two
