# SPDX-License-Identifier: GPL-2.0-or-later
# xattr_permissions=2 over an upper that was written without: what loses permissions has lost them there, too.
[ "$FS" = fuse ] || skip "the kernel has no such option"
put "$U/secret"
put "$U/suid" text
chmod 644 "$U/secret"
chmod 4755 "$U/suid"
setfattr -n user.try -v 1 "$U/secret" 2>/dev/null || skip "no user.* xattrs here"
put "$L/lower"
without_check cross remount
overlay_mount -o xattr_permissions=2
mode_is "$M/secret" 644
chmod 600 "$M/secret"
mode_is "$M/secret" 600
mode_is "$U/secret" 600
chown 1000:1001 "$M/suid"
owner_is "$M/suid" 1000:1001
mode_is "$M/suid" 755
mode_is "$U/suid" 600
as_id 1000:1001 sh -c 'cat "$1"; echo mine >"$1"' . "$M/suid"
has "$U/suid" mine
