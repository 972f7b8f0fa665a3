# SPDX-License-Identifier: GPL-2.0-or-later
# Making something in a lower directory copies the directories up, not what is in them.
# also: plain
put "$L/a/b/c/file"
put "$L/a/b/other"
chmod 750 "$L/a" "$L/a/b"
sys utimes "$L/a/b" 100 200.123456789
overlay_mount
echo new >"$M/a/b/c/new"
has "$U/a/b/c/new" new
not_in_upper a/b/c/file a/b/other
mode_is "$U/a/b" 750
mode_is "$U/a" 750
mtime_is "$U/a/b" 200.123456789
lists "$M/a/b/c" file new
