# SPDX-License-Identifier: GPL-2.0-or-later
# An upper on another of our mounts, which holds no whiteouts: that is said, removing fails, all else works.
# only: fuse
put "$L/f" low
put "$L/d/x" low
mkdir "$T/l2" "$T/u2" "$T/w2" "$T/m2"
"$FUSE_OVERLAY" -o "dev,lowerdir=$T/l2,upperdir=$T/u2,workdir=$T/w2" "$T/m2"
finally umount "$T/m2"
U=$T/m2/upper W=$T/m2/work
mkdir "$U" "$W"
without_check cross ino
said=$(overlay_mount 2>&1)
[[ $said == *'cannot hold whiteouts'* ]] || fail "said: $said"
MOUNTED=yes
DAEMONS=
fails_with EPERM rm "$M/f"
fails_with EPERM mv "$M/f" "$M/g"
echo more >>"$M/f"
echo new >"$M/d/new"
mkdir "$M/e"
rmdir "$M/e"
setfattr -n user.overlay.opaque -v y "$M/d"
for _ in 1 2; do
	has "$M/f" $'low\nmore'
	lists "$M/d" x new
	lists "$M" d f
	overlay_remount
done
overlay_umount
