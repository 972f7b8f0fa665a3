# SPDX-License-Identifier: GPL-2.0-or-later
# tar out of the mount and into it gives the same tree, with everything it can carry.
put "$L/t/a" a
put "$L/t/sub/b" b
ln "$L/t/a" "$L/t/hard"
ln -s a "$L/t/link"
mkfifo "$L/t/fifo"
chmod 4755 "$L/t/a"
chown -h 1000:1001 "$L/t/link" "$L/t/sub"
setfattr -n user.x -v y "$L/t/sub/b"
truncate -s 10M "$L/t/sparse"
sys utimes "$L/t/sub" 100 200
overlay_mount
echo up >"$M/t/up"
tar -C "$M/t" --xattrs -S -cf "$T/tar" .
mkdir "$M/out"
tar -C "$M/out" --xattrs --xattrs-include='*' -xpf "$T/tar"
sys utimes "$M/t" 5 5
sys utimes "$M/out" 5 5
dump() { treedump "$1" | sed 's/ mtime=\([-0-9]*\)\.[0-9]*/ mtime=\1/'; }
same "$(dump "$M/t")" "$(dump "$M/out")" "tree"
