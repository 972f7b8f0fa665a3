# SPDX-License-Identifier: GPL-2.0-or-later
# Data that verity= refuses are not copied up either, whatever is changed; what has no digest is copied in full.
shared verity
layers 2
put "$L2/plain" plain
put "$L2/bad" bad
put "$L2/bad2" bad2
marked "$L1/bad" 4 "0x00240001$(printf '%064d' 7)"
marked "$L1/bad2" 5 "0x00240001$(printf '%064d' 7)"
marked "$L1/none" 6 "$NONE" /plain
verity require metacopy=on
refuses_changes() {
	fails_with EIO sys chmod "$1" 600
	fails_with EIO sys truncate "$1" 0
	fails_with EIO sys truncate "$1" 2
	fails_with EIO sys write "$1" x
	not_in_upper "${1##*/}"
}
overlay_mount
refuses_changes "$M/bad"
refuses_changes "$M/none"
rm "$M/bad2"
absent "$M/bad2"
has "$M/plain" plain
chmod 600 "$M/plain"
no_xattr "$U/plain" "$X.metacopy"
has "$U/plain" plain
has "$M/plain" plain
overlay_remount
has "$M/plain" plain
overlay_umount
# With verity=on nothing is asked of a file without digest.
rm -r "$U" "$W"
mkdir "$U" "$W"
FUSE_OPTIONS=() KERNEL_OPTIONS=()
verity on metacopy=on
overlay_mount
refuses_changes "$M/bad"
chmod 600 "$M/plain" "$M/none"
mark_is "$U/plain" "$NONE"
mark_is "$U/none" "$NONE"
has "$M/plain" plain
has "$M/none" plain
echo more >>"$M/none"
has "$M/none" $'plain\nmore'
