# SPDX-License-Identifier: GPL-2.0-or-later
# A lower layer on another FUSE file system, which has neither xattrs nor lasting inode numbers.
need_program bindfs
put "$L/d/f" text
put "$L/d/.wh.gone"
ln "$L/d/f" "$L/d/g"
ln -s d/f "$L/link"
head -c 300000 /dev/zero >"$L/big"
setfattr -n user.a -v b "$L/d/f"
chmod 640 "$L/d/f"
mkdir "$T/fuse"
bindfs --no-allow-other --xattr-none -o ro "$L" "$T/fuse" || skip "bindfs does not mount here"
finally umount "$T/fuse"
LOWERS=("$T/fuse")
without_check ino
said=$(overlay_mount 2>&1 && echo mounted)
MOUNTED=yes
same mounted "$said" "said when mounting"
lists "$M" big d link
has "$M/link" text
fails getfattr -n user.a "$M/d/f"
ls -l "$M/d" >/dev/null
size_is "$M/big" 300000
echo more >>"$M/d/f"
has "$M/d/f" $'text\nmore'
mode_is "$M/d/f" 640
setfattr -n user.own -v x "$M/big"
xattr_is "$M/big" user.own x
mv "$M/big" "$M/d/big"
[ "$FS" = kernel ] || { mv "$M/d" "$M/e" && mv "$M/e" "$M/d"; }
rm -r "$M/d"
mkdir "$M/d"
lists "$M/d"
