# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# A layer's owner who is not the one that mounts gains nothing: no other file's data by a mark of his.
layers 2
put "$L2/secret" 'nobody else'
put "$L2/private/key" 'nobody else'
chmod 600 "$L2/secret"
chmod 700 "$L2/private"
mark() { # PREFIX NAME REDIRECT
	truncate -s 12 "$L1/$2"
	setfattr -n "$1.overlay.metacopy" "$L1/$2"
	setfattr -n "$1.overlay.redirect" -v "$3" "$L1/$2"
}
mark user by-user /secret
mark user by-user-too /private/key
mark user dots /../../secret
mark user relative ../secret
without_check remount cross
no_leak() {
	local f
	for f in "$M"/*; do
		[ "${f##*/}" != secret ] || continue
		[ -d "$f" ] || ! { cat "$f" 2>/dev/null || true; } | grep -aq nobody || fail "$f shows another file's data"
	done
}
# Off is the default, for everybody.
overlay_mount
no_leak
overlay_umount
# A real root follows no mark that anybody can make, not even when told to use such marks.
if [ "$AS" = root ]; then
	metacopy_on
	overlay_mount
	no_leak
	overlay_umount
	if [ "$FS" = fuse ]; then
		fuse_options userxattr
		overlay_mount
		no_leak
		overlay_umount
		DATA=("$L2")
		LOWERS=("$L1")
		fails overlay_mount
	fi
	exit
fi
# Others may: they can read what they mount. But out of a layer none can lead.
[ "$FS" = fuse ] || exit
metacopy_on
overlay_mount
has "$M/by-user" 'nobody else'
fails_with EINVAL cat "$M/dots"
fails_with EINVAL cat "$M/relative"
