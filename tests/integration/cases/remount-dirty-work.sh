# SPDX-License-Identifier: GPL-2.0-or-later
# What a crash left in the work directory does not matter, and goes.
put "$L/f" low
mkdir -p "$W/work/#1f"
echo x >"$W/work/#2"
touch "$W/work/#1f/file"
overlay_mount
echo more >>"$M/f"
has "$M/f" $'low\nmore'
