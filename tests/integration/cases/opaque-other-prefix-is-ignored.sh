# SPDX-License-Identifier: GPL-2.0-or-later
# The other prefix means nothing here: user.overlay.opaque to root, and it stays visible to nobody.
[ "$AS" = root ] || skip "trusted xattrs cannot be set here"
put "$L/d/low"
mkdir "$U/d"
setfattr -n user.overlay.opaque -v y "$U/d"
overlay_mount
lists "$M/d" low
