# SPDX-License-Identifier: GPL-2.0-or-later
# With redirects off, exchanging a directory of a lower layer fails with EXDEV and changes nothing.
put "$L/d/x" x
put "$L/f" f
overlay_mount -o redirect_dir=nofollow
put "$M/up/y" y
fails_with EXDEV sys rename "$M/d" "$M/f" exchange
fails_with EXDEV sys rename "$M/d" "$M/up" exchange
fails_with EXDEV sys rename "$M/up" "$M/d" exchange
has "$M/d/x" x
has "$M/up/y" y
has "$M/f" f
