# SPDX-License-Identifier: GPL-2.0-or-later
# Whether a write by root keeps suid and sgid is as on any file system (in a user namespace: not).
put "$L/f" text
put "$T/plain" text
chmod 6755 "$L/f" "$T/plain"
overlay_mount
echo more >>"$M/f"
echo more >>"$T/plain"
mode_is "$M/f" "$(stat -c %a "$T/plain")"
[ "$AS" != root ] || mode_is "$M/f" 6755
chmod 6755 "$M/f" "$T/plain"
sys truncate "$M/f" 2
sys truncate "$T/plain" 2
mode_is "$M/f" "$(stat -c %a "$T/plain")"
