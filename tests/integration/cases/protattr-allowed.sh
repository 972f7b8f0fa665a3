# SPDX-License-Identifier: GPL-2.0-or-later
# What protected files and directories still allow; their copies in the upper layer are protected, too.
[ "$AS" = root ] || skip "needs CAP_LINUX_IMMUTABLE"
echo x >"$T/probe"
chattr +i "$T/probe" 2>/dev/null || skip "this file system has no flags"
chattr -i "$T/probe"
finally 'chattr -R -f -ia "$L" "$U"'
put "$L/file" text
for flag in i a; do
	put "$L/dir-$flag/in" text
	mkdir "$L/dir-$flag/sub"
	chattr "+$flag" "$L/dir-$flag"
done
chattr +a "$L/file"
overlay_mount
echo more >>"$M/file"
touch "$M/file" "$M/dir-a"
has "$M/file" $'text\nmore'
xattr_is "$U/file" "$X.protattr" a
for flag in i a; do
	echo more >>"$M/dir-$flag/in"
	chmod 600 "$M/dir-$flag/in"
	echo new >"$M/dir-$flag/sub/new"
	xattr_is "$U/dir-$flag" "$X.protattr" "$flag"
done
echo new >"$M/dir-a/new"
mkdir "$M/dir-a/newdir"
ln "$M/dir-a/in" "$M/dir-a/link"
overlay_remount
fails_with EPERM sys unlink "$M/file"
fails_with EPERM sys unlink "$M/dir-a/new"
fails_with EPERM sys unlink "$M/dir-i/in"
echo again >>"$M/file"
chattr -a "$M/file" "$M/dir-a"
chattr -i "$M/dir-i"
rm -r "$M/file" "$M/dir-a" "$M/dir-i"
lists "$M"
