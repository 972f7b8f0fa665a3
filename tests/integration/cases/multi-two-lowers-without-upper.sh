# SPDX-License-Identifier: GPL-2.0-or-later
# Two lower layers without an upper one: merged, and read-only.
layers 2
no_upper
put "$L2/d/a" two
put "$L1/d/b" one
overlay_mount
lists "$M/d" a b
fails_with EROFS touch "$M/new"
