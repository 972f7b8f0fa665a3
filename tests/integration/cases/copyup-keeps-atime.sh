# SPDX-License-Identifier: GPL-2.0-or-later
# Copy-up by chmod keeps the atime of a file and of a directory.
put "$L/f" text
mkdir "$L/d"
sys utimes "$L/f" 1234567.5 100
sys utimes "$L/d" 1234568.5 100
overlay_mount
chmod 600 "$M/f"
chmod 700 "$M/d"
same 1234567.500000000 "$(stat -c %.9X "$U/f")" "atime of the file"
same 1234568.500000000 "$(stat -c %.9X "$U/d")" "atime of the directory"
