# SPDX-License-Identifier: GPL-2.0-or-later
# st_ino of copied-up objects is the same after remount, and after being moved.
put "$L/d/f" text
put "$L/g" text
ln -s x "$L/l"
mkfifo "$L/p"
overlay_mount
numbers() { (cd "$M" && stat -c '%n %i' d d/f); }
echo more >>"$M/d/f"
chmod 600 "$M/g"
g=$(ino "$M/g")
before=$(numbers)
mv "$M/g" "$M/d/h"
same "$g" "$(ino "$M/d/h")" "inode number after rename"
overlay_remount
same "$before" "$(numbers)" "inode numbers after remount"
same "$g" "$(ino "$M/d/h")" "inode number after rename and remount"
