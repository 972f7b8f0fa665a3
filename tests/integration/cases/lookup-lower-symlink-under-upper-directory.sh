# SPDX-License-Identifier: GPL-2.0-or-later
# An upper directory is not merged with what a lower symlink of its name points to.
put "$L/real/secret"
ln -s real "$L/d"
mkdir "$U/d"
echo up >"$U/d/up"
overlay_mount
type_is "$M/d" d
lists "$M/d" up
lists "$M/real" secret
