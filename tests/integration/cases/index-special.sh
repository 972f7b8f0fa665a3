# SPDX-License-Identifier: GPL-2.0-or-later
# Symbolic links, FIFOs and devices with several names stay one, too.
[ "$AS" = root ] || skip "user.* xattrs exist on files and directories only"
index_on
mkdir "$L/d"
ln -s target "$L/link"
mkfifo "$L/fifo"
mknod "$L/device" c 1 3
for i in link fifo device; do ln "$L/$i" "$L/d/$i"; done
overlay_mount
for i in link fifo device; do
	chown -h 12:13 "$M/$i"
	owner_is "$M/d/$i" 12:13
	nlink_is "$M/$i" 2
	same "$(ino "$M/$i")" "$(ino "$M/d/$i")" inode
done
overlay_remount
for i in link fifo device; do
	owner_is "$M/d/$i" 12:13
	mv "$M/d/$i" "$M/$i.moved"
	rm "$M/$i"
	nlink_is "$M/$i.moved" 1
done
target_is "$M/link.moved" target
rdev_is "$M/device.moved" 1:3
