# SPDX-License-Identifier: GPL-2.0-or-later
# Reading, looking, listing, executing and locking copy nothing up.
put "$L/d/f" text
cp "$(readlink -f "$(type -P true)")" "$L/d/prog"
ln -s f "$L/d/link"
overlay_mount
cat "$M/d/f" "$M/d/link" >/dev/null
stat "$M/d/f" >/dev/null
find "$M" >/dev/null
"$M/d/prog"
test -w "$M/d/f"
flock -x "$M/d/f" true
getfattr -d -m - "$M/d/f"
readlink "$M/d/link"
stat -f "$M" >/dev/null
lists "$U"
