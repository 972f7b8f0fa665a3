# SPDX-License-Identifier: GPL-2.0-or-later
# Whoever mounts obeys overlay.protattr of the upper layer; a value that means nothing is none.
for name in i a ia bad; do put "$U/$name" text; done
put "$L/low" text
setfattr -n "$X.protattr" -v i "$U/i"
setfattr -n "$X.protattr" -v a "$U/a"
setfattr -n "$X.protattr" -v ia "$U/ia"
setfattr -n "$X.protattr" -v ix "$U/bad"
setfattr -n "$X.protattr" -v i "$L/low"     # of a lower layer it says nothing
overlay_mount
for name in i a ia; do
	fails_with EPERM sys unlink "$M/$name"
	fails_with EPERM sys chmod "$M/$name" 777
	fails_with EPERM sys write "$M/$name" XX
done
echo more >>"$M/a"
echo more >>"$M/low"
echo more >>"$M/bad"
rm "$M/bad"
if [ "$AS" != root ] && lsattr "$M/i" >/dev/null 2>&1; then
	fails chattr -i "$M/i"
	fails chattr +i "$M/low"
fi
no_xattr "$U/low" "$X.protattr"
