# SPDX-License-Identifier: GPL-2.0-or-later
# A lower layer that denies root what root has elsewhere (as NFS with root squash): what cannot be read is
# EACCES, is in nobody's way, and can be removed; all else works. (Kernel overlayfs opens lower files with O_NOATIME,
# which such a server refuses to all but the owner.)
# only: fuse
[ "$AS" = root ] || skip "needs a server with another user id"
need_program bindfs
put "$L/d/f" text
put "$L/secret" hidden
chmod 600 "$L/secret"
put "$L/closed/f" hidden
chmod 700 "$L/closed"
put "$L/readable" text
chmod 755 "$T"
mkdir -m 755 "$T/squash"
chown 1000 "$T/squash"
setpriv --reuid 1000 --clear-groups --inh-caps +sys_admin --ambient-caps +sys_admin \
	bindfs --xattr-none -o ro,allow_other "$L" "$T/squash" || skip "bindfs does not mount here"
finally umount "$T/squash"
fails cat "$T/squash/secret"
LOWERS=("$T/squash")
without_check ino lower remount cross
overlay_mount
lists "$M" closed d readable secret
size_is "$M/secret" 7
has "$M/readable" text
fails_with EACCES cat "$M/secret"
fails_with EACCES ls "$M/closed"
fails_with EACCES chmod 644 "$M/secret"
fails_with EACCES touch "$M/closed/new"
fails_with EACCES rmdir "$M/closed"
not_in_upper secret
echo more >>"$M/readable"
has "$M/readable" $'text\nmore'
rm "$M/secret"
echo mine >"$M/secret"
has "$M/secret" mine
