# SPDX-License-Identifier: GPL-2.0-or-later
# Files of an owner unknown in the user namespace are shown as nobody's, and read as modes allow.
[ "$AS" = user ] || skip "every id is known here"
LOWERS=("$FOREIGN")
overlay_mount
has "$M/readable" readable
owner_is "$M/readable" 65534:65534
mode_is "$M/unreadable" 600
fails_with EACCES cat "$M/unreadable"
fails sys write "$M/unreadable" x
fails sys chmod "$M/unreadable" 644
echo new >"$M/new"
lists "$M" new readable unreadable
