# SPDX-License-Identifier: GPL-2.0-or-later
# A file that is open stays usable when its whole directory is removed.
put "$L/d/e/f" content
overlay_mount
exec 5<"$M/d/e/f"
rm -rf "$M/d"
same content "$(cat <&5)" "content of the removed file"
exec 5<&-
lists "$M"
