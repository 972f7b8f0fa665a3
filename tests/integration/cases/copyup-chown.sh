# SPDX-License-Identifier: GPL-2.0-or-later
# chown copies up: files, directories, symlinks, FIFOs.
put "$L/f" text
mkdir "$L/d"
ln -s f "$L/l"
mkfifo "$L/p"
overlay_mount
chown -h 3:4 "$M/f" "$M/d" "$M/l" "$M/p"
for name in f d l p; do
	owner_is "$M/$name" 3:4
	owner_is "$U/$name" 3:4
	owner_is "$L/$name" 0:0
done
has "$M/f" text
target_is "$M/l" f
overlay_remount
owner_is "$M/l" 3:4
type_is "$M/p" p
