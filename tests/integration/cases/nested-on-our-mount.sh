# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel overlay whose lower layer is this mount shows and copies up what is in it.
[ "$AS" = plain ] && skip "cannot mount"
grep -qw overlay /proc/filesystems || skip "no kernel overlayfs"
put "$L/d/f" text
put "$L/g" text
overlay_mount
rm "$M/g"
echo x >"$M/d/new"
mkdir "$T/u2" "$T/w2" "$T/m2"
extra=
[ "$AS" = root ] || extra=,userxattr
mount -t overlay overlay -o "lowerdir=$M,upperdir=$T/u2,workdir=$T/w2$extra" "$T/m2"
finally umount "$T/m2"
lists "$T/m2" d
lists "$T/m2/d" f new
echo more >>"$T/m2/d/f"
rm "$T/m2/d/new"
has "$T/m2/d/f" $'text\nmore'
has "$M/d/f" text
lists "$M/d" f new
lists "$T/m2/d" f
umount "$T/m2"
