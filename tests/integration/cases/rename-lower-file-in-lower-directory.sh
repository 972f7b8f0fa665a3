# SPDX-License-Identifier: GPL-2.0-or-later
# Source and target in directories that exist only in lower layers.
put "$L/a/b/f" f
put "$L/c/d/g" g
overlay_mount
mv "$M/a/b/f" "$M/c/d/f"
is_whiteout "$U/a/b/f"
has "$U/c/d/f" f
not_in_upper c/d/g
lists "$M/a/b"
lists "$M/c/d" f g
overlay_remount
lists "$M/a/b"
lists "$M/c/d" f g
