# SPDX-License-Identifier: GPL-2.0-or-later
# only: fuse
# timeout: 180
# chmod of a lower file of 1 GiB takes the daemon less than a millisecond with metacopy=on; or, where the upper's file
# system is slow to make a file (ext4 is for minutes after many were removed), no more than that of an empty one.
shared daemon-time
metacopy_on
without_check lower remount cross
fallocate -l 1G "$L/large1" || skip "no room for a file of 1 GiB"
truncate -s 1G "$L"/large{2..6}
touch "$L"/empty{1..6}
overlay_mount
ls -l "$M" >/dev/null
best=1000000 empty=1000000
for i in 6 5 4 3 2 1; do
	took=$(time_of sys chmod "$M/empty$i" 0600)
	[ "$took" -ge "$empty" ] || empty=$took
	took=$(time_of sys chmod "$M/large$i" 0600)
	[ "$took" -ge "$best" ] || best=$took
done
echo "$best us, the file with all its blocks $took us, an empty one $empty us" >&2
[ "$best" -lt 1000 ] || [ "$best" -lt $((2 * empty)) ] || fail "the daemon took $best us, for an empty file $empty us"
size_is "$U/large1" 1073741824
same 8 "$(($(stat -c %b "$U/large1") < 9 ? 8 : 9))" "blocks of the copy"
same "$(stat -c %b "$L/large1")" "$(stat -c %b "$M/large1")" "blocks that are seen"
