# SPDX-License-Identifier: GPL-2.0-or-later
# Copy-up keeps trusted.* and security.* xattrs.
[ "$AS" = root ] || skip "only root sets trusted xattrs"
put "$L/f" text
setfattr -n trusted.mine -v t "$L/f"
setfattr -n security.mine -v s "$L/f"
overlay_mount
chmod 700 "$M/f"
xattr_is "$M/f" trusted.mine t
xattr_is "$U/f" security.mine s
