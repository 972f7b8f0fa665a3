# SPDX-License-Identifier: GPL-2.0-or-later
# A small metacopy that was made by hand, without a mark on its directory and with a block of xattrs, gives no
# zeros in place of its data, nor a copy of them, where metacopies are not followed.
layers 2
put "$L2/low" content
for f in "$L2/bottom" "$L1/low" "$U/up"; do
	metacopy "$f" 8
	setfattr -n user.much -v "$(head -c 1000 /dev/zero | tr '\0' x)" "$f"
done
truncate -s 8 "$L2/zeros"
head -c 8 /dev/zero >"$L2/written"
without_check remount cross
overlay_mount
for f in bottom low up; do
	fails_with EPERM cat "$M/$f"
	fails_with EPERM dd if="$M/$f" iflag=direct bs=512 count=1
	fails_with EPERM python3 -c "import os, sys
a, b = os.open(sys.argv[1], os.O_RDONLY), os.open(sys.argv[2], os.O_RDWR | os.O_CREAT)
os.copy_file_range(a, b, 8)" "$M/$f" "$M/copied"
done
for f in bottom low; do
	fails_with EPERM sys chmod "$M/$f" 600
	fails_with EPERM sys write "$M/$f" new 0
	not_in_upper "$f"
done
for f in zeros written; do
	size_is "$M/$f" 8
	same 0000000000000000 "$(od -An -tx1 "$M/$f" | tr -d ' ')" "bytes of $f"
	chmod 600 "$M/$f"
done
