# SPDX-License-Identifier: GPL-2.0-or-later
# Writer and reader meet at a FIFO of either layer.
mkfifo "$L/low"
overlay_mount
mkfifo "$M/up"
for p in low up; do
	echo "through $p" >"$M/$p" &
	same "through $p" "$(cat "$M/$p")"
	wait
done
not_in_upper low
