# SPDX-License-Identifier: GPL-2.0-or-later
# Copy-up keeps mtime to the nanosecond, also from before 1970 and after 2038.
put "$L/old" text
put "$L/new" text
put "$L/ancient" text
mkdir "$L/d"
sys utimes "$L/old" 1 -1.5
sys utimes "$L/new" 1 4000000000.123456789
sys utimes "$L/ancient" -2000000000 -1000000000.25
sys utimes "$L/d" 1 -77
before=$(cd "$L" && stat -c '%n %.9Y' ./*)
overlay_mount
same "$before" "$(cd "$M" && stat -c '%n %.9Y' ./*)" "times before copy-up"
chmod 600 "$M/old" "$M/new" "$M/ancient"
chmod 700 "$M/d"
same "$before" "$(cd "$M" && stat -c '%n %.9Y' ./*)" "times after copy-up"
same "$before" "$(cd "$U" && stat -c '%n %.9Y' ./*)" "times in the upper layer"
overlay_remount
same "$before" "$(cd "$M" && stat -c '%n %.9Y' ./*)" "times after remount"
