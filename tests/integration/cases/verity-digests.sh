# SPDX-License-Identifier: GPL-2.0-or-later
# Only the data whose fs-verity digest stands in the mark are given; another file in their place is not.
shared verity
without_check cross
verity_layers
layers 2
sealed "$L2/sha256" right
sealed "$L2/sha512" right 2
sealed "$L2/other" wrong
put "$L2/plain" right
right=$(mark_of "$L2/sha256")
marked "$L1/sha256" 6 "$right"
marked "$L1/sha512" 6 "$(mark_of "$L2/sha512")"
marked "$L1/another-file" 6 "$(mark_of "$L2/other")" /sha256
marked "$L1/another-algorithm" 6 "${right/0x00240001/0x00240002}" /sha256
marked "$L1/shorter" 6 "0x00230001${right:10:62}" /sha256
marked "$L1/one-byte" 6 "0x0005000100" /sha256
marked "$L1/longer" 6 "${right/0x00240001/0x00440001}${right:10}" /sha256
marked "$L1/without-fs-verity" 6 "$right" /plain
marked "$L1/no-digest" 6 "$NONE" /sha256
check() {
	has "$M/sha256" right
	has "$M/sha512" right
	for name in another-file another-algorithm shorter one-byte longer without-fs-verity; do
		refused "$M/$name"
	done
}
metacopy_on
overlay_mount -o verity=require
check
refused "$M/no-digest"
overlay_umount
overlay_mount -o verity=on
check
has "$M/no-digest" right
overlay_umount
# The data are replaced.
mv "$L2/sha256" "$L2/away"
sealed "$L2/sha256" wrong
lower_changed
overlay_mount -o verity=on
refused "$M/sha256"
has "$M/sha512" right
overlay_umount
rm "$L2/sha256"
put "$L2/sha256" right
lower_changed
overlay_mount -o verity=on
refused "$M/sha256"
overlay_umount
mv "$L2/away" "$L2/sha256"
lower_changed
overlay_mount -o verity=require
has "$M/sha256" right
