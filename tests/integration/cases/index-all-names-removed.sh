# SPDX-License-Identifier: GPL-2.0-or-later
# When the last name goes, nothing is left in the index.
index_on
put "$L/a" x
ln "$L/a" "$L/b"
overlay_mount
echo more >>"$M/a"
rm "$M/a"
rm "$M/b"
lists "$M"
overlay_remount
lists "$M"
same '' "$(find "$W/index" -mindepth 1 2>/dev/null || true)" "what is in the index"
