# SPDX-License-Identifier: GPL-2.0-or-later
# Of the cases of that name, after small_upper.
for i in 1 2; do
	put "$L/a$i/b/chmod" "$(printf '%020000d' 1)"
	put "$L/a$i/truncate" "$(printf '%020000d' 2)"
	put "$L/d$i/e/f/write" "$(printf '%09000d' 3)"
	put "$L/d$i/attribute"
	put "$L/c$i/d/file"
	put "$L/link$i/file"
	ln -s target "$L/symlink$i"
	setfattr -n user.long -v "$(printf '%0900d' 4)" "$L/a$i/b" "$L/d$i/attribute"
done
overlay_mount
i=0
for what in blocks inodes; do
	i=$((i + 1))
	until_it_fits $what sys chmod "$M/a$i/b/chmod" 600
	until_it_fits $what sys truncate "$M/a$i/truncate" 15000
	until_it_fits $what sys write "$M/d$i/e/f/write" new 100
	until_it_fits $what sys setxattr "$M/d$i/attribute" user.a value
	until_it_fits $what sys chmod "$M/c$i/d" 700
	until_it_fits $what sys link "$M/link$i/file" "$M/link$i/other"
	until_it_fits $what sys lchown "$M/symlink$i" 1 1
done
mode_is "$M/a1/b/chmod" 600
size_is "$M/a2/truncate" 15000
has "$M/link2/other" 'content of file'
