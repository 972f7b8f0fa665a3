# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel without the system calls that came after Linux 6.1: their older sisters do the same.
without new-calls,fs-uuid
put "$L/file" text
put "$L/dir/sub" text
ln -s target "$L/link"
mkfifo "$L/fifo"
setfattr -n user.a -v 1 "$L/file" "$L/dir"
overlay_mount
chmod 640 "$M/file"
chmod 750 "$M/dir"
chmod 600 "$M/fifo"
setfattr -n user.b -v 2 "$M/file"
setfattr -n user.b -v 2 "$M/dir"
setfattr -x user.a "$M/dir"
for _ in 1 2; do
	mode_is "$M/file" 640
	mode_is "$M/dir" 750
	mode_is "$M/fifo" 600
	same 'user.a user.b' "$(xattr_names "$M/file" | grep '^user.[ab]$' | xargs)" 'xattrs of the file'
	same user.b "$(xattr_names "$M/dir" | grep '^user.[ab]$' | xargs)" 'xattrs of the directory'
	xattr_is "$M/file" user.b 2
	overlay_remount
done
rm -r "$M/dir"
mkdir "$M/dir"
mv "$M/link" "$M/moved"
lists "$M" dir fifo file moved
lists "$M/dir"
