# SPDX-License-Identifier: GPL-2.0-or-later
# A missing source is ENOENT, a missing target directory as well.
put "$L/a" a
put "$L/gone"
overlay_mount
rm "$M/gone"
fails_with ENOENT sys rename "$M/none" "$M/a"
fails_with ENOENT sys rename "$M/gone" "$M/a"
fails_with ENOENT sys rename "$M/a" "$M/nodir/a"
fails_with ENOTDIR sys rename "$M/a" "$M/a/b"
has "$M/a" a
not_in_upper a
