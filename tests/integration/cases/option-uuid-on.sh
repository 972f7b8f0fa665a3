# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# The overlay's own UUID: uuid=on keeps one in the upper, uuid=auto only in a new one, null and off none; what is
# there stays.
put "$L/dir/f"
uuid() { getfattr -h --absolute-names --only-values -n "$X.uuid" "$U" | od -An -tx1 | tr -d ' \n'; }
remake_upper() {
	rm -r "$U"
	mkdir "$U"
}
for word in null off; do
	overlay_mount -o "uuid=$word"
	echo x >>"$M/dir/f"
	overlay_umount
	no_xattr "$U" "$X.uuid"
	remake_upper
done

for word in on auto; do
	overlay_mount -o "uuid=$word"
	no_xattr "$M" "$X.uuid" # nobody's business above
	echo x >>"$M/dir/f"
	overlay_umount
	first=$(uuid)
	# RFC 9562: a random one.
	[[ $first =~ ^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$ ]] || fail "uuid=$word: no UUID: '$first'"
	for again in null off auto on; do
		overlay_mount -o "uuid=$again"
		overlay_umount
		same "$first" "$(uuid)" "the UUID after uuid=$again"
	done
	remake_upper
done
differ "$first" "$(
	overlay_mount -o uuid=on
	overlay_umount
	uuid
)" 'the UUID of another upper'

# An upper in use gets one with on alone.
remake_upper
overlay_mount -o uuid=null
echo x >>"$M/dir/f"
overlay_umount
xattr_is "$U" "$X.impure" y
overlay_mount -o uuid=auto
overlay_umount
no_xattr "$U" "$X.uuid"
overlay_mount -o uuid=on
overlay_umount
differ '' "$(uuid)" 'the UUID'
