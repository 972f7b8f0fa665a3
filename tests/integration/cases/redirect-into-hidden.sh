# SPDX-License-Identifier: GPL-2.0-or-later
# A redirect does not lead to what another layer hides: below a whiteout, a file, or an opaque directory.
redirects_on
layers 4
put "$L4/gone/f" secret
put "$L4/opaque/d/f" secret
put "$L4/file/f" secret
put "$L4/deep/gone/d/f" secret
put "$L4/shown/d/f" shown
whiteout "$L3/gone"
opaque "$L3/opaque"
put "$L3/file" 'no directory'
mkdir -p "$L3/deep"
whiteout "$L3/deep/gone"
n=0
for value in /gone /opaque/d /file /deep/gone/d /shown/d; do
	n=$((n + 1))
	mkdir "$L2/r$n"
	setfattr -n "$X.redirect" -v "$value" "$L2/r$n"
done
overlay_mount
for n in 1 2 3 4; do lists "$M/r$n"; done
has "$M/r5/f" shown
overlay_remount
for n in 1 2 3 4; do lists "$M/r$n"; done
