# SPDX-License-Identifier: GPL-2.0-or-later
# A file under a directory that its owner cannot search is not reached by a cached name.
put "$L/d/f" text
overlay_mount
(
	cd "$M/d"
	chmod 700 "$M"
	same text "$(as_id 1000 cat f)" "by the current directory"
	fails_with EACCES as_id 1000 cat "$M/d/f"
)
chmod 755 "$M"
