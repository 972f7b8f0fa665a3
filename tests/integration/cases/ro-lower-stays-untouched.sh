# SPDX-License-Identifier: GPL-2.0-or-later
# Reading a read-only overlay leaves times, atimes included, of the layers alone.
no_upper
layers 2
put "$L/d/f" text
for p in d/f d; do sys utimes "$L/$p" 100 200; done
without_check lower
overlay_mount
cat "$M/d/f" >/dev/null
ls -l "$M/d" >/dev/null
overlay_umount
same 100 "$(stat -c %X "$L/d/f")" "atime of the file"
same 100 "$(stat -c %X "$L/d")" "atime of the directory"
