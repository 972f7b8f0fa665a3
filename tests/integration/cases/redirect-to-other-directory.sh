# SPDX-License-Identifier: GPL-2.0-or-later
# Into another directory: the redirect is a path from the root of the overlay.
redirects_on
put "$L/a/d/f" content
put "$L/b/x" x
overlay_mount
sys rename "$M/a/d" "$M/b/e"
has "$M/b/e/f" content
lists "$M/a"
xattr_is "$U/b/e" "$X.redirect" /a/d
overlay_remount
has "$M/b/e/f" content
lists "$M/b" e x
lists "$M/a"
