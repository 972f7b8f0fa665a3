# SPDX-License-Identifier: GPL-2.0-or-later
# A running program can be removed and replaced; it goes on.
cp "$(type -P sleep)" "$L/prog"
overlay_mount
"$M/prog" 30 &
child=$!
sleep 0.1
cp "$(type -P true)" "$M/new"
mv "$M/new" "$M/prog"
drop_caches 3
kill -0 $child
"$M/prog"
kill $child
wait $child 2>/dev/null || true
