# SPDX-License-Identifier: GPL-2.0-or-later
# The umask of the caller takes bits from files, directories and nodes.
overlay_mount
(
	umask 027
	sys open "$M/file" wronly,creat 0777
	sys mkdir "$M/dir" 0777
	sys mknod "$M/fifo" p 0 0 666
	umask 000
	sys open "$M/file0" wronly,creat 0666
	sys mkdir "$M/dir0" 1777
	umask 777
	sys open "$M/none" wronly,creat 0666
)
mode_is "$M/file" 750
mode_is "$M/dir" 750
mode_is "$M/fifo" 640
mode_is "$M/file0" 666
mode_is "$M/dir0" 1777
mode_is "$M/none" 0
mode_is "$U/file" 750
