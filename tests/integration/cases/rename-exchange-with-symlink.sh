# SPDX-License-Identifier: GPL-2.0-or-later
# RENAME_EXCHANGE swaps a symlink and a file, and a FIFO.
put "$L/f" f
ln -s t "$L/l"
mkfifo "$L/p"
overlay_mount
sys rename "$M/f" "$M/l" exchange
has "$M/l" f
target_is "$M/f" t
sys rename "$M/p" "$M/f" exchange
target_is "$M/p" t
type_is "$M/f" p
overlay_remount
has "$M/l" f
target_is "$M/p" t
type_is "$M/f" p
