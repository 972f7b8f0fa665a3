# SPDX-License-Identifier: GPL-2.0-or-later
# An append-only file can be appended to, and nothing else.
[ "$AS" = root ] || skip "needs CAP_LINUX_IMMUTABLE"
put "$L/low" text
echo x >"$T/probe"
chattr +a "$T/probe" 2>/dev/null || skip "this file system has no flags"
chattr -a "$T/probe"
finally 'chattr -R -f -a "$U" "$M"'
overlay_mount
chattr +a "$M/low"
echo more >>"$M/low"
has "$M/low" $'text\nmore'
fails_with EPERM sys write "$M/low" XX
fails_with EPERM sys unlink "$M/low"
overlay_remount
echo again >>"$M/low"
fails_with EPERM sys unlink "$M/low"
chattr -a "$M/low"
rm "$M/low"
