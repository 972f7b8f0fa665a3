# SPDX-License-Identifier: GPL-2.0-or-later
# Renaming one name of a file onto another does nothing at all.
overlay_mount
echo x >"$M/a"
ln "$M/a" "$M/b"
sys rename "$M/a" "$M/b"
exists "$M/a" "$M/b"
nlink_is "$M/a" 2
