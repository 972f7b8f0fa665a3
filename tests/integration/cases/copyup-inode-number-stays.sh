# SPDX-License-Identifier: GPL-2.0-or-later
# st_ino and st_dev of a file and a directory stay over copy-up, and over remount after it.
put "$L/d/f" text
ln -s x "$L/l"
mkfifo "$L/p"
overlay_mount
numbers() { (cd "$M" && stat -c '%n %d:%i' d d/f l p); }
before=$(numbers)
# What the kernel only remembers, for want of file handles, goes with its caches.
[ "$FS-$AS" != kernel-user ] || skip "kept only as long as it is cached"
echo more >>"$M/d/f"
chown -h 5:5 "$M/l" "$M/p"
chmod 700 "$M/d"
same "$before" "$(numbers)" "inode numbers after copy-up"
drop_caches
same "$before" "$(numbers)" "inode numbers after dropping caches"
