# SPDX-License-Identifier: GPL-2.0-or-later
# A directory that kernel overlayfs renamed (redirect) is found where it is now, with all its names.
[ "$AS" = root ] || skip "redirects come from a kernel overlay mounted by root"
grep -qw overlay /proc/filesystems || skip "no kernel overlayfs"
layers 2
put "$L2/dir/two" two
put "$L2/dir/sub/deep" deep
put "$L1/dir/one" one
FS=kernel overlay_mount -o redirect_dir=on
mv "$M/dir" "$M/moved"
mkdir "$M/parent"
mv "$M/moved/sub" "$M/parent/sub"
FS=kernel overlay_umount
kernel_options redirect_dir=follow
overlay_mount
lists "$M" moved parent
lists "$M/moved" one two
lists "$M/parent/sub" deep
has "$M/parent/sub/deep" deep
has "$M/moved/two" two
echo more >>"$M/moved/two"
has "$U/moved/two" $'two\nmore'
