# SPDX-License-Identifier: GPL-2.0-or-later
# st_ino of a copied-up symlink and FIFO is the same after remount.
ln -s x "$L/l"
mkfifo "$L/p"
overlay_mount
before=$(cd "$M" && stat -c '%n %i' l p)
chown -h 5:5 "$M/l" "$M/p"
same "$before" "$(cd "$M" && stat -c '%n %i' l p)" "inode numbers after copy-up"
overlay_remount
same "$before" "$(cd "$M" && stat -c '%n %i' l p)" "inode numbers after remount"
