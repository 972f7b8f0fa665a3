# SPDX-License-Identifier: GPL-2.0-or-later
# uuid=off: origins are found also when the file system got another UUID; by default they are not.
shared images
image fs ext4
L=$T/fs/lower
U=$T/fs/upper
W=$T/fs/work
mkdir "$L" "$U" "$W"
LOWERS=("$L")
for word in off null on auto; do
	put "$L/$word"
done
new_uuid() {
	overlay_umount
	umount "$T/fs"
	e2fsck -fy "$T/fs.image" >/dev/null 2>&1 || true
	tune2fs -U random "$T/fs.image" >/dev/null
	mount -o loop "$T/fs.image" "$T/fs"
}
for word in off null on auto; do
	overlay_mount -o "uuid=$word"
	before=$(ino "$M/$word")
	chmod 600 "$M/$word"
	new_uuid
	overlay_mount -o "uuid=$word"
	if [ "$word" = off ]; then
		same "$before" "$(ino "$M/$word")" "inode number with uuid=off"
	else
		differ "$before" "$(ino "$M/$word")" "inode number with uuid=$word"
	fi
	overlay_umount
done
overlay_mount -o uuid=off
