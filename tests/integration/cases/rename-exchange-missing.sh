# SPDX-License-Identifier: GPL-2.0-or-later
# RENAME_EXCHANGE needs both names.
put "$L/a" a
put "$L/gone"
overlay_mount
rm "$M/gone"
fails_with ENOENT sys rename "$M/a" "$M/gone" exchange
fails_with ENOENT sys rename "$M/none" "$M/a" exchange
has "$M/a" a
