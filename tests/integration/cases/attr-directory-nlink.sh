# SPDX-License-Identifier: GPL-2.0-or-later
# A directory's link count counts its subdirectories, or is 1: never 0, never less than its names.
put "$L/d/a/x"
mkdir "$L/d/b" "$L/empty"
overlay_mount
mkdir "$M/new" "$M/new/one" "$M/new/two" "$M/d/c"
for name in d new empty new/one .; do
	n=$(stat -c %h "$M/$name")
	subdirs=$(find "$M/$name" -mindepth 1 -maxdepth 1 -type d | wc -l)
	[ "$n" -eq 1 ] || [ "$n" -eq $((subdirs + 2)) ] || fail "$name: $n links, $subdirs subdirectories"
done
mkdir -p "$T/plain/a" "$T/plain/b"
nlink_is "$M/new" "$(stat -c %h "$T/plain")"
rmdir "$M/new/one"
rmdir "$T/plain/a"
nlink_is "$M/new" "$(stat -c %h "$T/plain")"
