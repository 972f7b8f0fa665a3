# SPDX-License-Identifier: GPL-2.0-or-later
# At mount the index loses what is stale, and keeps what lower names still show.
index_on
without_check lower cross remount
for i in a b c d e; do
	put "$L/$i" old
	ln "$L/$i" "$L/${i}2"
done
overlay_mount
for i in a b c d e; do echo new >>"$M/$i"; done
overlay_umount
entry() { find "$W/index" -samefile "$U/$1"; }
a=$(entry a) b=$(entry b) c=$(entry c) d=$(entry d) e=$(entry e)
# Its own name is gone, but another one still shows it.
rm "$U/a"
setfattr -n "$X.nlink" -v U+1 "$a"
# No name shows it any more.
rm "$U/b"
setfattr -n "$X.nlink" -v U-1 "$b"
# What a crash leaves before the first name comes: no count.
rm "$U/c"
setfattr -x "$X.nlink" "$c"
# Its origin is another file.
setfattr -n "$X.origin" -v "0x${a##*/}" "$d"
# A count that makes no sense: what the upper has is shown.
setfattr -n "$X.nlink" -v junk "$e"
mkdir "$W/index/#7"
touch "$W/index/#7/x"
overlay_mount
same "$(printf '%s\n' "$a" "$e" | sort)" "$(find "$W/index" -mindepth 1 ! -name '#*' | sort)" "index"
absent "$W/index/#7"
has "$M/a" $'old\nnew'
has "$M/a2" $'old\nnew'
nlink_is "$M/a" 2
for i in b c; do
	has "$M/$i" old
	has "$M/${i}2" old
done
has "$M/d" $'old\nnew'
has "$M/d2" old
has "$M/e2" $'old\nnew'
