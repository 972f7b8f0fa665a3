# SPDX-License-Identifier: GPL-2.0-or-later
# Redirects that point at each other end.
redirects_on
layers 3
put "$L3/a/three"
mkdir "$L2/a" "$L2/b" "$L1/a" "$L1/b"
setfattr -n "$X.redirect" -v b "$L1/a"
setfattr -n "$X.redirect" -v a "$L1/b"
setfattr -n "$X.redirect" -v b "$L2/a"
setfattr -n "$X.redirect" -v a "$L2/b"
overlay_mount
ls "$M/a" "$M/b" >/dev/null
