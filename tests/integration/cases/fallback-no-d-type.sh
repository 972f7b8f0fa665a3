# SPDX-License-Identifier: GPL-2.0-or-later
# Layers on a file system whose listings do not tell types: whiteouts and types are found all the same.
# only: fuse
[ "$AS" = root ] || skip "only root mounts images"
need_program mkfs.ext4
truncate -s 30M "$T/image"
mkfs.ext4 -q -O ^filetype "$T/image"
mkdir "$T/bare"
mount -o loop "$T/image" "$T/bare" 2>/dev/null || skip "no loop device"
finally umount "$T/bare"
L=$T/bare/lower U=$T/bare/upper W=$T/bare/work
mkdir "$L" "$U" "$W" "$T/bare/lower2"
LOWERS=("$L" "$T/bare/lower2")
put "$T/bare/lower2/gone" low
put "$T/bare/lower2/d/low" low
put "$T/bare/lower2/o/low" low
put "$L/f" low
put "$L/d/x" low
ln -s f "$L/link"
mkfifo "$L/fifo"
whiteout "$L/gone"
opaque "$L/o"
without_check cross
overlay_mount
for _ in 1 2; do
	lists "$M" d f link fifo o
	lists "$M/d" x low
	lists "$M/o"
	overlay_remount
done
py <<'PY'
kinds = {e.name: (e.is_dir(follow_symlinks=False), e.is_symlink()) for e in os.scandir(M)}
eq(kinds["d"], (True, False))
eq(kinds["link"], (False, True))
PY
rm "$M/f"
rm -r "$M/d"
mkdir "$M/d"
lists "$M" d link fifo o
overlay_remount
lists "$M" d link fifo o
lists "$M/d"
