# SPDX-License-Identifier: GPL-2.0-or-later
# A copy of metadata alone stores the digest of the data: byte for byte what the kernel stores.
shared verity
without_check cross
verity_layers
layers 2
sealed "$L2/sha256" text
sealed "$L2/sha512" text 2
sealed "$L2/below" text
put "$L2/plain" text
marked "$L1/lower-metacopy" 5 "$(mark_of "$L2/below")" /below
marked "$L1/lower-without" 5 "$NONE" /below
metacopy_on
overlay_mount -o verity=on
chmod 600 "$M"/*
mv "$M/below" "$M/renamed"
mark_is "$U/sha256" "$(mark_of "$L2/sha256")"
mark_is "$U/sha512" "$(mark_of "$L2/sha512")"
mark_is "$U/renamed" "$(mark_of "$L2/below")"
mark_is "$U/lower-metacopy" "$(mark_of "$L2/below")"
mark_is "$U/lower-without" "$(mark_of "$L2/below")"
mark_is "$U/plain" "$NONE"
for name in sha256 sha512 renamed lower-metacopy lower-without plain; do has "$M/$name" text; done
overlay_umount
overlay_mount -o verity=require
for name in sha256 sha512 renamed lower-metacopy lower-without; do has "$M/$name" text; done
refused "$M/plain"
# Its first write copies the data, and the digest goes.
echo more >>"$M/sha256"
no_xattr "$U/sha256" "$X.metacopy"
fails_with EIO sys write "$M/plain" x
overlay_remount
has "$M/sha256" $'text\nmore'
