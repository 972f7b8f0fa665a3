# SPDX-License-Identifier: GPL-2.0-or-later
# What a protected file or directory refuses, in either layer, is not done and copies nothing up.
[ "$AS" = root ] || skip "needs CAP_LINUX_IMMUTABLE"
echo x >"$T/probe"
chattr +i "$T/probe" 2>/dev/null || skip "this file system has no flags"
chattr -i "$T/probe"
finally 'chattr -R -f -ia "$L" "$U"'
for flag in i a; do
	put "$L/file-$flag" text
	put "$L/dir-$flag/in" text
	put "$L/dir-$flag/in2" text
	mkdir "$L/dir-$flag/sub"
	chattr "+$flag" "$L/file-$flag" "$L/dir-$flag"
	put "$U/upfile-$flag" text
	put "$U/updir-$flag/in" text
	put "$U/updir-$flag/in2" text
	mkdir "$U/updir-$flag/sub"
	setfattr -n "$X.protattr" -v "$flag" "$U/upfile-$flag" "$U/updir-$flag"
done
redirects_on
overlay_mount
echo other >"$M/other"
mkdir "$M/otherdir"

refused_by_file() {
	fails_with EPERM sys write "$1" XX
	fails_with EPERM sys truncate "$1" 0
	fails_with EPERM sys truncate "$1" 9999
	fails_with EPERM sys chmod "$1" 777
	fails_with EPERM sys setxattr "$1" user.a b
	fails_with EPERM sys link "$1" "$M/x"
	fails_with EPERM sys unlink "$1"
	fails_with EPERM sys rename "$1" "$M/x"
	fails_with EPERM sys rename "$M/other" "$1"
	fails_with EPERM touch -d 2001-01-01 "$1"
	has "$1" text
}
refused_by_dir() {
	fails_with EPERM sys unlink "$1/in"
	fails_with EPERM sys rmdir "$1/sub"
	fails_with EPERM sys rename "$1/in" "$M/x"
	fails_with EPERM sys rename "$1/in" "$1/x"
	fails_with EPERM sys rename "$1/in" "$1/in2"
	fails_with EPERM sys rename "$1" "$M/x"
	fails_with EPERM sys rename "$M/otherdir" "$1"
	fails_with EPERM sys chmod "$1" 777
	fails_with EPERM sys setxattr "$1" user.a b
	fails_with EPERM sys rmdir "$1"
	has "$1/in" text
}
for flag in i a; do
	refused_by_file "$M/file-$flag"
	refused_by_file "$M/upfile-$flag"
	refused_by_dir "$M/dir-$flag"
	refused_by_dir "$M/updir-$flag"
done
not_in_upper file-i file-a dir-i dir-a
for dir in "$M/dir-i" "$M/updir-i"; do
	fails_with EPERM sys mkdir "$dir/new" 755
	fails_with EPERM sys symlink target "$dir/new"
	fails_with EPERM sys link "$M/other" "$dir/new"
	fails_with EPERM sys rename "$M/other" "$dir/new"
	fails_with EPERM touch "$dir"
done
for file in "$M/file-i" "$M/upfile-i"; do
	fails_with EPERM touch "$file"
	fails_with EPERM sys write "$file" XX
done
