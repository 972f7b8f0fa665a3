# SPDX-License-Identifier: GPL-2.0-or-later
# only: fuse
# A file whose path is too long for a redirect is moved all the same: with its data.
metacopy_on
deep=$(printf 'directory-%s/' $(seq 1000 1030))
put "$L/${deep}f" content
put "$L/${deep}g" linked
overlay_mount
chmod 600 "$M/${deep}f" "$M/${deep}g"
mv "$M/${deep}f" "$M/f"
ln "$M/${deep}g" "$M/g"
check() {
	has "$M/f" content
	has "$M/g" linked
	nlink_is "$M/g" 2
}
check
overlay_remount
check
no_xattr "$U/f" "$X.metacopy"
