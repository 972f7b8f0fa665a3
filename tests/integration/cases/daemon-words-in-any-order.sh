# SPDX-License-Identifier: GPL-2.0-or-later
# Options before or after the mount point, a source before it, several -o.
# only: fuse
put "$L/f" text
try() {
	"$FUSE_OVERLAY" "$@"
	has "$M/f" text
	echo x >"$M/new"
	has "$U/new" x
	rm "$M/new"
	umount "$M"
	while [ -n "$(daemons)" ]; do sleep 0.01; done
}
try "$M" -o "lowerdir=$L,upperdir=$U,workdir=$W"
try -o "lowerdir=$L" -o "upperdir=$U" -o "workdir=$W" "$M"
try overlay "$M" -o "lowerdir=$L,upperdir=$U,workdir=$W"
try -o "lowerdir=$L,upperdir=$U" overlay "$M" -o "workdir=$W"
try "-olowerdir=$L,upperdir=$U,workdir=$W" "$M"
