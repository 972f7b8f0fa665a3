# SPDX-License-Identifier: GPL-2.0-or-later
# An escaped xattr of a lower layer is shown unescaped, once, and copied up.
put "$L/f" text
setfattr -n "$X.overlay.opaque" -v y "$L/f"
setfattr -n "$X.overlay.overlay.deep" -v d "$L/f"
overlay_mount
xattr_is "$M/f" "$X.opaque" y
xattr_is "$M/f" "$X.overlay.deep" d
same "$X.opaque"$'\n'"$X.overlay.deep" "$(xattr_names "$M/f" | sort)" names
chmod 600 "$M/f"
xattr_is "$M/f" "$X.opaque" y
xattr_is "$U/f" "$X.overlay.opaque" y
xattr_is "$U/f" "$X.overlay.overlay.deep" d
