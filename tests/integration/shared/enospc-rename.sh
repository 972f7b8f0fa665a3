# SPDX-License-Identifier: GPL-2.0-or-later
# Of the cases of that name, after small_upper.
for i in 1 2; do
	put "$L/a$i/b/file" "$(printf '%09000d' 6)"
	put "$L/over$i/from/file" from
	put "$L/over$i/to/file" to
	put "$L/dir$i/low/file"
	mkdir "$L/dir$i/other"
	put "$L/x$i/one/file" one
	put "$L/x$i/two/file" two
	ln -s target "$L/a$i/symlink"
done
overlay_mount
echo new >"$M/a1/new"
echo new >"$M/a2/new"
i=0
for what in blocks inodes; do
	i=$((i + 1))
	until_it_fits $what sys rename "$M/a$i/b/file" "$M/a$i/moved"
	until_it_fits $what sys rename "$M/a$i/symlink" "$M/a$i/b/symlink"
	until_it_fits $what sys rename "$M/a$i/new" "$M/a$i/b/new"
	until_it_fits $what sys rename "$M/over$i/from/file" "$M/over$i/to/file"
	MAY_FAIL_WITH=EXDEV
	until_it_fits $what sys rename "$M/dir$i/low" "$M/dir$i/$(printf '%0200d' 7)"
	until_it_fits $what sys rename "$M/dir$i/$(printf '%0200d' 7)" "$M/dir$i/other/$(printf '%0150d' 8)"
	MAY_FAIL_WITH=$FULL
	until_it_fits $what sys rename "$M/x$i/one/file" "$M/x$i/two/file" exchange
done
has "$M/over1/to/file" from
has "$M/x2/one/file" two
has "$M/dir1/other/$(printf '%0150d' 8)/file" 'content of file'
