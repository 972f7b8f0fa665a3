# SPDX-License-Identifier: GPL-2.0-or-later
# Writing, truncating and changing a directory set mtime and ctime to now.
put "$L/f" text
mkdir "$L/d"
sys utimes "$L/f" 100 100
sys utimes "$L/d" 100 100
overlay_mount
now=$(date +%s)
recent() {
	local t
	t=$(stat -c "%$1" "$M/$2")
	[ "$t" -ge $((now - 5)) ] || fail "$2: %$1 is $t, should be about $now"
}
echo x >>"$M/f"
recent Y f
recent Z f
touch "$M/d/new"
recent Y d
sys utimes "$M/f" 100 100
sys truncate "$M/f" 1
recent Y f
sys utimes "$M/d" 100 100
rm "$M/d/new"
recent Y d
sys utimes "$M/f" 100 100
chmod 600 "$M/f"
mtime_is "$M/f" 100.000000000
recent Z f
