# SPDX-License-Identifier: GPL-2.0-or-later
# Four times mkdir -p of one deep path at once.
mkdir -p "$L/a/b"
overlay_mount
for p in 1 2 3 4; do
	mkdir -p "$M/a/b/c/d/e/f/g" &
	pids[p]=$!
done
for p in 1 2 3 4; do wait "${pids[p]}"; done
exists "$M/a/b/c/d/e/f/g"
