# SPDX-License-Identifier: GPL-2.0-or-later
# A symlink to nothing is there, and says where it points.
ln -s nowhere "$L/dangling"
ln -s /no/such/place "$U/absolute"
overlay_mount
type_is "$M/dangling" l
target_is "$M/dangling" nowhere
target_is "$M/absolute" /no/such/place
fails_with ENOENT cat "$M/dangling"
lists "$M" dangling absolute
