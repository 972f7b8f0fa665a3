# SPDX-License-Identifier: GPL-2.0-or-later
# An origin that cannot be one, or is of something else, costs a file nothing but its old inode number.
put "$L/good" lower
put "$L/other" other
mkdir "$L/dir"
overlay_mount
echo more >>"$M/good"
touch "$M/dir/new"
overlay_umount
good=$(getfattr -h --absolute-names --only-values -n "$X.origin" "$U/good" | od -An -v -tx1 | tr -d ' \n')
of_dir=$(getfattr -h --absolute-names --only-values -n "$X.origin" "$U/dir" | od -An -v -tx1 | tr -d ' \n')
length=${#good}

n=0
file_with() { # its origin, in hex
	n=$((n + 1))
	put "$U/f$n" "own $n"
	setfattr -n "$X.origin" -v "0x$1" "$U/f$n"
	mkdir "$U/d$n"
	put "$U/d$n/g" "own $n"
	setfattr -n "$X.origin" -v "0x$1" "$U/d$n"
}
file_with 00
file_with fb
file_with "${good:0:length-2}"                      # cut short
file_with "01${good:2}"                             # another version
file_with "${good:0:2}00${good:4}"                  # no magic
file_with "${good:0:4}ff${good:6}"                  # says it is longer
file_with "${good:0:4}00${good:6}"                  # says it is empty
file_with "${good:0:6}ff${good:8}"                  # unknown flags
file_with "${good:0:10}$(printf 'ab%.0s' {1..16})${good:42}" # another file system's
file_with "${good:0:length-16}$(printf 'ff%.0s' {1..8})"     # a file that there is not
file_with "$of_dir"                                 # a directory
file_with "$(printf 'fb%.0s' {1..1000})"            # far too long

overlay_mount
ls -l "$M" >/dev/null
for ((i = 1; i <= n; i++)); do
	has "$M/f$i" "own $i"
	has "$M/d$i/g" "own $i"
	[ "$(stat -c %i "$M/f$i")" = "$(find "$M" -maxdepth 1 -name "f$i" -printf '%i')" ] || fail "f$i: other inode numbers in its directory"
	echo more >>"$M/f$i"
	touch "$M/d$i/new"
	mv "$M/f$i" "$M/moved$i"
	rm "$M/moved$i"
done
has "$M/other" other
[ "$(wc -l <"$M/good")" -ge 1 ]
