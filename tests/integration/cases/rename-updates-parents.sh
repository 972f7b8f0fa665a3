# SPDX-License-Identifier: GPL-2.0-or-later
# The mtime of both directories changes, that of the file does not.
put "$L/a/f" f
mkdir "$L/b"
for p in a/f a b; do sys utimes "$L/$p" 100 200; done
overlay_mount
mv "$M/a/f" "$M/b/f"
mtime_is "$M/b/f" 200.000000000
differ 200.000000000 "$(stat -c %.9Y "$M/a")" "mtime of the old directory"
differ 200.000000000 "$(stat -c %.9Y "$M/b")" "mtime of the new directory"
