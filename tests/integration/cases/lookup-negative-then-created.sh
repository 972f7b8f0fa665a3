# SPDX-License-Identifier: GPL-2.0-or-later
# A name that was looked up and absent is there as soon as it is made, by every way of making one.
put "$L/src" src
overlay_mount
for name in file dir link hard moved fifo; do absent "$M/$name"; done
echo x >"$M/file"
mkdir "$M/dir"
ln -s src "$M/link"
ln "$M/file" "$M/hard"
mv "$M/src" "$M/moved"
mkfifo "$M/fifo"
exists "$M/file" "$M/dir" "$M/link" "$M/hard" "$M/moved" "$M/fifo"
absent "$M/src"
