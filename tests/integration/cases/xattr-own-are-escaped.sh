# SPDX-License-Identifier: GPL-2.0-or-later
# Whoever sets an xattr of the private prefix through the mount gets it back, and it means nothing.
put "$L/d/low"
put "$L/f" text
overlay_mount
setfattr -n "$X.opaque" -v y "$M/d"
setfattr -n "$X.origin" -v z "$M/f"
xattr_is "$M/d" "$X.opaque" y
xattr_is "$M/f" "$X.origin" z
xattr_names "$M/d" | grep -qx "$X.opaque" || fail "not listed"
lists "$M/d" low
overlay_remount
lists "$M/d" low
xattr_is "$M/d" "$X.opaque" y
xattr_is "$U/d" "$X.overlay.opaque" y
not_opaque "$U/d"
setfattr -x "$X.opaque" "$M/d"
no_xattr "$M/d" "$X.opaque"
no_xattr "$U/d" "$X.overlay.opaque"
