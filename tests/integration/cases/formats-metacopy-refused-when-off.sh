# SPDX-License-Identifier: GPL-2.0-or-later
# Without metacopy=on a file whose data are elsewhere cannot be used at all, whatever layer it is in.
layers 3
put "$L3/f" content
put "$L3/g" content
put "$L3/h" content
metacopy "$U/f" 8
metacopy "$L1/g" 8
metacopy "$L2/h" 8
# As they are in an upper that became a lower layer: with a block of xattrs.
for f in "$U/f" "$L1/g" "$L2/h"; do
	setfattr -n "$X.origin" "$f"
	setfattr -n user.much -v "$(head -c 1000 /dev/zero | tr '\0' x)" "$f"
done
for d in "$U" "$L1" "$L2"; do setfattr -n "$X.impure" -v y "$d"; done
without_check remount cross
overlay_mount
for f in f g h; do
	fails_with EPERM stat "$M/$f"
	fails_with EPERM cat "$M/$f"
done
