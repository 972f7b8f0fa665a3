# SPDX-License-Identifier: GPL-2.0-or-later
# xattr_permissions=1 without the right to set that xattr: no mount, and one line says why.
[ "$FS" = fuse ] || skip "the kernel has no such option"
[ "$AS" = user ] || skip "root can set it"
put "$L/file"
text=$("$FUSE_OVERLAY" -o "lowerdir=$L,upperdir=$U,workdir=$W,xattr_permissions=1" "$M" 2>&1) && fail "it is mounted"
[[ $text == *"xattr_permissions: upperdir's file system, or this user, cannot set that xattr"* ]] || fail "$text"
same 1 "$(wc -l <<<"$text")"
# To read, nothing has to be set.
no_upper
overlay_mount -o xattr_permissions=1
has "$M/file" "content of file"
