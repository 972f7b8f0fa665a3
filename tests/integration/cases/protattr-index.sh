# SPDX-License-Identifier: GPL-2.0-or-later
# With index all names of a lower file are protected together, over copy-up and remount.
[ "$AS" = root ] || skip "needs CAP_LINUX_IMMUTABLE"
index_on
put "$L/a" text
ln "$L/a" "$L/b"
mkdir "$L/d"
ln "$L/a" "$L/d/c"
finally 'chattr -R -f -ia "$M"'
overlay_mount
chattr +i "$M/a"
check() {
	for name in a b d/c; do
		fails_with EPERM sys unlink "$M/$name"
		fails_with EPERM sys truncate "$M/$name" 0
		fails_with EPERM sys link "$M/$name" "$M/new"
		nlink_is "$M/$name" 3
	done
	absent "$M/new"
}
check
overlay_remount
check
chattr -i "$M/d/c"
echo more >>"$M/b"
has "$M/a" $'text\nmore'
rm "$M/a"
chattr +a "$M/b"
fails_with EPERM sys unlink "$M/d/c"
echo again >>"$M/d/c"
has "$M/b" $'text\nmore\nagain'
overlay_remount
fails_with EPERM sys unlink "$M/b"
nlink_is "$M/d/c" 2
chattr -a "$M/d/c"
rm "$M/b" "$M/d/c"
lists "$M" d
