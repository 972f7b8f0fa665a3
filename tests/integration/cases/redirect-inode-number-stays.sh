# SPDX-License-Identifier: GPL-2.0-or-later
# A directory keeps its inode number over being renamed, and over remount.
redirects_on
put "$L/d/sub/f" content
overlay_mount
before=$(cd "$M" && stat -c %i d d/sub d/sub/f)
sys rename "$M/d" "$M/e"
same "$before" "$(cd "$M" && stat -c %i e e/sub e/sub/f)" "inode numbers"
overlay_remount
same "$before" "$(cd "$M" && stat -c %i e e/sub e/sub/f)" "inode numbers after remount"
