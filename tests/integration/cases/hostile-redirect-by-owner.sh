# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# Who owns a layer and does not mount leads nobody into a directory that is closed to him: root follows no
# redirect that anybody can write, whatever the options; others can enter what they mount.
layers 2
put "$L2/private/key" 'nobody else'
put "$L2/private/sub/key" 'nobody else'
chmod 700 "$L2/private"
mkdir "$L1/open" "$L1/open-too"
setfattr -n user.overlay.redirect -v /private "$L1/open"
setfattr -n user.overlay.redirect -v /private/sub "$L1/open-too"
without_check remount cross
no_leak() {
	local dir
	for dir in "$M/open" "$M/open-too"; do
		lists "$dir"
		absent "$dir/key" "$dir/sub"
	done
	! as_id 1000 cat "$M/private/key" 2>/dev/null || fail "the closed directory itself can be entered"
}
if [ "$AS" = root ]; then
	for word in on follow nofollow; do
		overlay_mount -o redirect_dir=$word
		no_leak
		overlay_umount
	done
	if [ "$FS" = fuse ]; then
		for word in on follow nofollow; do
			overlay_mount -o userxattr,redirect_dir=$word 2>"$T/said"
			no_leak
			[ $word = nofollow ] || grep -q 'not followed for root' "$T/said" || fail "said: $(cat "$T/said")"
			overlay_umount
		done
		overlay_mount -o userxattr
		no_leak
	fi
	exit
fi
# What the daemon follows it may read itself: the same user could have read it in the layer.
[ "$FS" = fuse ] || exit 0
overlay_mount
has "$M/open/key" 'nobody else'
overlay_umount
overlay_mount -o redirect_dir=nofollow
fails ls "$M/open"
