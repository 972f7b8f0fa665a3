# SPDX-License-Identifier: GPL-2.0-or-later
# xattr_permissions: devices, sockets and FIFOs are files with a type in the xattr.
[ "$FS" = fuse ] || skip "the kernel has no such option"
[ "$AS" = root ] || skip "needs devices"
without_check cross
for option in 1 2; do
	name=user.containers.override_stat
	[ $option = 2 ] || name=security.fuseoverlayfs.override_stat
	rm -rf "$L" "$U" "$W"
	mkdir "$L" "$U" "$W"
	mknod -m 640 "$L/lower" c 1 5
	mkfifo "$L/lower-fifo"
	chown 3:4 "$L/lower-fifo"
	lower_changed
	overlay_mount -o xattr_permissions=$option,dev
	sys mknod "$M/block" b 8 1 660
	sys mknod "$M/char" c 1 3 666
	sys mknod "$M/socket" s 0 0 755
	sys mknod "$M/big" c 4095 1048575 600
	xattr_is "$U/block" $name 0:0:0640:block-8-1
	# The umask of 022.
	xattr_is "$U/char" $name 0:0:0644:char-1-3
	xattr_is "$U/socket" $name 0:0:0755:socket
	for file in block char socket big; do type_is "$U/$file" f; done
	rdev_is "$M/big" 4095:1048575
	echo gone >"$M/char"
	size_is "$M/char" 0
	chmod 600 "$M/lower"
	chown 5 "$M/lower-fifo"
	type_is "$M/lower" c
	rdev_is "$M/lower" 1:5
	xattr_is "$U/lower" $name 0:0:0600:char-1-5
	xattr_is "$U/lower-fifo" $name 5:4:0644:pipe
	overlay_remount
	type_is "$M/block" b
	type_is "$M/lower-fifo" p
	owner_is "$M/lower-fifo" 5:4
	fails_with EPERM sys mknod "$M/wh" c 0 0
	rm "$M/lower" "$M/char"
	is_whiteout "$U/lower"
	mv "$M/block" "$M/lower"
	type_is "$M/lower" b
	overlay_umount
done
