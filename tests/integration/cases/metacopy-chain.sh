# SPDX-License-Identifier: GPL-2.0-or-later
# Data are found through several layers: by name, by relative and by absolute redirects, each in turn.
metacopy_on
layers 4
put "$L4/d/data" 'from below'
put "$L4/same" same
metacopy "$L3/d/x" 11 data
metacopy "$L2/y" 11 /d/x
metacopy "$L1/z" 11 y
metacopy "$L1/same" 5
metacopy "$L3/same" 5
put "$L3/first" first
put "$L4/first" second
metacopy "$L1/first" 6
mkdir "$L4/old"
put "$L4/old/in" 'in a renamed directory'
mkdir "$L2/new"
setfattr -n "$X.redirect" -v /old "$L2/new"
metacopy "$L1/new/in" 23
metacopy "$L1/through" 23 /new/in
check() {
	has "$M/z" 'from below'
	has "$M/same" same
	has "$M/first" first
	has "$M/new/in" 'in a renamed directory'
	has "$M/through" 'in a renamed directory'
}
overlay_mount
check
chmod 600 "$M/z" "$M/same" "$M/through"
mv "$M/z" "$M/new/z"
ln "$M/same" "$M/other"
mv "$M/z2" "$M/z" 2>/dev/null || mv "$M/new/z" "$M/z"
check
overlay_remount
check
has "$M/other" same
for f in z same first new/in through; do echo more >>"$M/$f"; done
overlay_remount
has "$M/z" $'from below\nmore'
has "$M/other" $'same\nmore'
has "$M/through" $'in a renamed directory\nmore'
no_xattr "$U/z" "$X.metacopy"
