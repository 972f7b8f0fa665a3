# SPDX-License-Identifier: GPL-2.0-or-later
# A directory that only the upper layer has is renamed with all that is in it.
# also: plain
put "$L/other/x"
overlay_mount
put "$M/d/sub/file" content
mv "$M/d" "$M/e"
has "$M/e/sub/file" content
absent "$M/d"
not_in_upper d
mv "$M/e" "$M/other/e"
has "$M/other/e/sub/file" content
mv "$M/other/e" "$M/f"
lists "$M/other" x
overlay_remount
has "$M/f/sub/file" content
lists "$M" f other
