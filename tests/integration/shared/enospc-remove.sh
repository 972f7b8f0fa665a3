# SPDX-License-Identifier: GPL-2.0-or-later
# Of the cases of that name, after small_upper.
for i in 1 2; do
	put "$L/a$i/b/file"
	put "$L/c$i/dir/file"
	put "$L/both$i/file" low
	put "$L/d$i/dir/file"
done
overlay_mount
echo new >"$M/both1/file"
echo new >"$M/both2/file"
rm "$M"/c?/dir/file
rm "$M"/d?/dir/file
echo mine | tee "$M/d1/dir/mine" >"$M/d2/dir/mine"
rm "$M"/d?/dir/mine
i=0
for what in blocks inodes; do
	i=$((i + 1))
	until_it_fits $what sys unlink "$M/a$i/b/file"
	until_it_fits $what sys unlink "$M/both$i/file"
	until_it_fits $what sys rmdir "$M/c$i/dir"
	until_it_fits $what sys rmdir "$M/d$i/dir"
done
absent "$M/a1/b/file" "$M/both2/file" "$M/c1/dir" "$M/d2/dir"
