# SPDX-License-Identifier: GPL-2.0-or-later
# Copying a child up leaves the mtime of the directories above it alone.
put "$L/a/b/f" text
for d in a/b a; do sys utimes "$L/$d" 100 200.25; done
overlay_mount
chmod 600 "$M/a/b/f"
mtime_is "$M/a/b" 200.250000000
mtime_is "$M/a" 200.250000000
mtime_is "$U/a/b" 200.250000000
echo x >>"$M/a/b/f"
mtime_is "$M/a/b" 200.250000000
overlay_remount
mtime_is "$M/a/b" 200.250000000
