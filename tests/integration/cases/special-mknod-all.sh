# SPDX-License-Identifier: GPL-2.0-or-later
# mknod makes every type; device 0:0 is refused, for it would be a whiteout.
overlay_mount
sys mknod "$M/f" f 0 0 640
sys mknod "$M/p" p 0 0 600
sys mknod "$M/s" s 0 0 666
type_is "$M/f" f
type_is "$M/p" p
type_is "$M/s" s
mode_is "$M/f" 640
fails_with EPERM sys mknod "$M/w" c 0 0
absent "$M/w"
not_in_upper w
if mknod "$T/probe" c 1 3 2>/dev/null; then
	sys mknod "$M/c" c 1 3
	sys mknod "$M/b" b 259 65537
	sys mknod "$M/b0" b 0 0
	type_is "$M/c" c
	rdev_is "$M/b" 259:65537
	type_is "$M/b0" b
fi
overlay_remount
type_is "$M/s" s
