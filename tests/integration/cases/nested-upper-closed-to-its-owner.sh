# SPDX-License-Identifier: GPL-2.0-or-later
# also: plain
# On an upper where whiteouts are marked files: a directory with some, closed by its owner, is no opaque one, and
# more can be removed from one that he cannot read.
# only: fuse
put "$L/d/f" f
put "$L/d/keep" keep
put "$L/e/a" a
put "$L/e/b" b
shared nested-upper
OPTIONS+=,redirect_dir=on
overlay_mount 2>"$T/said"
rm "$M/d/f"
chmod 0 "$M/d"
lists "$M/e" a b
exec 5<"$M/e" # whoever drops caches meanwhile would have it listed again, which its owner may not
chmod 311 "$M/e"
rm "$M/e/a"
exec 5<&-
overlay_remount
chmod 755 "$M/d" "$M/e"
lists "$M/d" keep
lists "$M/e" b
mv "$M/d" "$M/new"
overlay_remount
lists "$M/new" keep
has "$M/new/keep" keep
