# SPDX-License-Identifier: GPL-2.0-or-later
# A copied-up file carries where it came from, as the kernel records it.
put "$L/f" text
put "$L/d/g" text
overlay_mount
echo more >>"$M/f"
chmod 600 "$M/d/g"
getfattr -h --absolute-names -n "$X.origin" "$U/f" "$U/d/g" "$U/d" >/dev/null || fail "no origin"
xattr_is "$U" "$X.impure" y
xattr_is "$U/d" "$X.impure" y
