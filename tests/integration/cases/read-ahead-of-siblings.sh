# SPDX-License-Identifier: GPL-2.0-or-later
# Who reads the files of a directory one after the other, and waits for the disk, finds the next ones read already;
# who reads one does not have others read. The kernel reads ahead within a file only.
# only: fuse
command -v fincore >/dev/null || skip "fincore is not installed (util-linux-extra)"
for i in {1..40}; do
	put "$L/all1/$i" "content $i"
	put "$L/all2/$i" "content $i"
	put "$L/one/$i" "content $i"
done
for i in {1..3}; do
	put "$L/mixed/$i" "content $i"
	mkfifo "$L/mixed/fifo$i"
	ln -s "$i" "$L/mixed/link$i"
done

# in_memory FILE...: how many of them are.
in_memory() { fincore --noheadings --bytes --output PAGES "$@" | grep -vcw 0; }

forget() {
	local file
	sync -f "$L"
	for file in "$L"/*/[0-9]*; do
		dd if="$file" iflag=nocache count=0 2>/dev/null
	done
}

overlay_mount
forget
[ "$(in_memory "$L"/*/[0-9]*)" -eq 0 ] || skip "this file system keeps its files in memory"
ls "$M/one" >/dev/null
cat "$M/one/7" >/dev/null
sleep 0.2
[ "$(in_memory "$L"/one/*)" -le 1 ] || fail "of one/ $(in_memory "$L"/one/*) are in memory"

# reads_ahead DIR: six files are read, and the seventh is in memory soon.
reads_ahead() {
	local i names
	mapfile -t names < <(ls -U "$M/$1")
	for i in 0 1 2 3 4 5; do
		cat "$M/$1/${names[i]}" >/dev/null
	done
	for ((i = 0; i < 200; i++)); do
		[ "$(in_memory "$L/$1/${names[6]}")" -eq 0 ] || return 0
		sleep 0.01
	done
	return 1
}

# Somebody else may have all caches dropped just then.
reads_ahead all1 || reads_ahead all2 || fail "the next one is not in memory"
cat "$M"/mixed/[0-9]* >/dev/null
for i in {1..40}; do
	has "$M/all1/$i" "content $i"
done
