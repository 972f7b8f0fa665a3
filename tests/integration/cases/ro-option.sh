# SPDX-License-Identifier: GPL-2.0-or-later
# With -o ro an overlay that has an upper layer is read-only, and shows it.
put "$L/f" low
put "$U/g" up
overlay_mount -o ro
has "$M/f" low
has "$M/g" up
fails_with EROFS touch "$M/new"
fails_with EROFS rm "$M/f"
fails_with EROFS sys chmod "$M/g" 600
