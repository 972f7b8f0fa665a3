# SPDX-License-Identifier: GPL-2.0-or-later
# RENAME_EXCHANGE swaps a file with a pure upper directory, and two such directories.
put "$L/f" f
overlay_mount
put "$M/d/x" x
put "$M/e/y" y
sys rename "$M/f" "$M/d" exchange
has "$M/d" f
lists "$M/f" x
sys rename "$M/f" "$M/e" exchange
lists "$M/f" y
lists "$M/e" x
overlay_remount
has "$M/d" f
lists "$M/f" y
lists "$M/e" x
