# SPDX-License-Identifier: GPL-2.0-or-later
# An upper on another of our mounts: whiteouts are files with a mark, which is said, and which the kernel
# reads in a lower layer.
# only: fuse
put "$L/f" low
put "$L/g" low
put "$L/empty" ''
put "$L/d/x" low
put "$L/d/sub/y" low
put "$L/e/z" low
shared nested-upper
overlay_mount 2>"$T/said"
grep -q "whiteout devices: empty files with $X.whiteout are used" "$T/said" || fail "said: $(cat "$T/said")"
rm "$M/f"
mv "$M/g" "$M/h"
rm -r "$M/d"
mkdir "$M/d"
: >"$M/d/new"
rm "$M/e/z"
: >"$M/e/made"
lists "$M" d e empty h
size_is "$U/f" 0
type_is "$U/f" f
xattr_is "$U/f" "$X.whiteout" y
xattr_is "$U" "$X.opaque" x
xattr_is "$U/d" "$X.opaque" y
xattr_is "$U/e" "$X.opaque" x
for _ in 1 2; do
	lists "$M" d e empty h
	lists "$M/d" new
	lists "$M/e" made
	size_is "$M/e/made" 0
	overlay_remount
done
# A whiteout that comes to another directory by a rename is one there, too.
put "$M/e/moved" new
mv "$M/e/moved" "$M/f"
mv "$M/h" "$M/e/z"
overlay_remount
lists "$M" d e empty f
lists "$M/e" made z
treedump --no-nlink "$M" >"$T/live"
overlay_umount

# As a lower layer of the kernel's.
grep -qw overlay /proc/filesystems || exit 0
extra=
[ "$AS" = root ] || extra=,userxattr
mkdir "$T/m3"
mount -t overlay overlay -o "lowerdir=$U:$L$extra" "$T/m3"
treedump --no-nlink "$T/m3" >"$T/kernel"
umount "$T/m3"
diff -u "$T/live" "$T/kernel" || fail "the kernel sees another tree"
