# SPDX-License-Identifier: GPL-2.0-or-later
# Renamed in its directory a file gets a relative redirect, moved or linked an absolute one.
metacopy_on
for f in stays renamed moved linked; do put "$L/d/$f" "$f"; done
overlay_mount
chmod 600 "$M/d"/*
mv "$M/d/renamed" "$M/d/new name"
mv "$M/d/moved" "$M/moved"
ln "$M/d/linked" "$M/d/link"
mv "$M/moved" "$M/d/back again"
mv "$M/d/new name" "$M/newer"
mv "$M/d/stays" "$M/d/renamed"
overlay_umount
xattr_is "$U/newer" "$X.redirect" /d/renamed
xattr_is "$U/d/back again" "$X.redirect" /d/moved
xattr_is "$U/d/linked" "$X.redirect" /d/linked
xattr_is "$U/d/renamed" "$X.redirect" stays
overlay_mount
has "$M/newer" renamed
has "$M/d/renamed" stays
has "$M/d/link" linked
