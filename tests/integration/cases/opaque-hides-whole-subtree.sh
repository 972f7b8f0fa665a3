# SPDX-License-Identifier: GPL-2.0-or-later
# Below an opaque directory nothing of the lower layers is merged, at any depth.
put "$L/d/sub/deep/low"
opaque "$U/d"
mkdir -p "$U/d/sub/deep"
echo up >"$U/d/sub/deep/up"
overlay_mount
lists "$M/d/sub/deep" up
