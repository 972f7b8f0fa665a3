# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# The daemon runs out of descriptors while its caches are full of them: nobody is told, it closes some.
for ((i = 0; i < 150; i++)); do
	put "$L/d$i/f" "$i"
	put "$L/e$i/f" "$i"
done
overlay_mount
cat "$M"/d*/f >/dev/null
# From now on it may have no more than it has.
for id in $DAEMONS; do
	n=$(find "/proc/$id/fd" -mindepth 1 | wc -l)
	[ "$n" -gt 200 ] || fail "the daemon keeps only $n descriptors open"
	prlimit --pid "$id" --nofile=100:100
done
for ((i = 0; i < 150; i++)); do
	has "$M/e$i/f" "$i"
	echo new >>"$M/e$i/f"
	: >"$M/e$i/new"
	mv "$M/d$i/f" "$M/d$i/g"
	rm -r "$M/d$i"
	mkdir "$M/d$i"
done
lists "$M/e149" f new
for id in $DAEMONS; do
	n=$(find "/proc/$id/fd" -mindepth 1 | wc -l)
	[ "$n" -le 100 ] || fail "the daemon still has $n descriptors open"
done
