# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# A mode that keeps even its owner out hides no data: it is renamed, remounted, and written when open.
metacopy_on
# An origin mark that cannot be read is none: the inode number changes.
[ "$AS" != plain ] || without_check ino
for f in none read-only open; do put "$L/$f" "$f"; done
overlay_mount
chmod 000 "$M/none"
chmod 400 "$M/read-only"
py <<'PY'
fd = os.open(M + "/open", os.O_RDWR)
os.fchmod(fd, 0o400)
os.pwrite(fd, b"OP", 0)
PY
mv "$M/none" "$M/none2"
mv "$M/read-only" "$M/read-only2"
overlay_remount
mode_is "$M/none2" 000
mode_is "$M/read-only2" 400
has "$M/read-only2" read-only
chmod 600 "$M/none2"
has "$M/none2" none
has "$M/open" OPen
mode_is "$M/open" 400
mtime=$(stat -c %Y "$M/none2")
echo more >>"$M/none2"
has "$M/none2" $'none\nmore'
differ '' "$mtime"
