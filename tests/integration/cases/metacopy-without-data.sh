# SPDX-License-Identifier: GPL-2.0-or-later
# A metacopy file whose data are missing cannot be read: EIO, not an empty file.
metacopy_on
put "$U/f"
: >"$U/f"
truncate -s 10 "$U/f"
setfattr -n "$X.metacopy" "$U/f"
put "$L/other"
without_check remount cross
overlay_mount
fails cat "$M/f"
