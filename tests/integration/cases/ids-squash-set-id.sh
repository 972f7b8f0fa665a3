# SPDX-License-Identifier: GPL-2.0-or-later
# Who is shown as the owner of all by squash_to_* cannot make what runs as the stored owner.
[ "$FS" = fuse ] || skip "the kernel has no such option"
put "$L/plain"
put "$L/root-suid" text
chmod 4755 "$L/root-suid"
put "$L/own"
chown 1000:1001 "$L/own"
without_check cross remount
overlay_mount -o squash_to_uid=1000,squash_to_gid=1001
for name in plain own; do as_id 1000:1001 chmod 6755 "$M/$name"; done
mode_is "$M/plain" 755
mode_is "$U/plain" 755
mode_is "$U/own" 6755
mode_is "$M/root-suid" 4755
as_id 1000:1001 "$PYTHON" - "$M/root-suid" <<'END'
import mmap, sys
with open(sys.argv[1], "r+b") as file:
    mmap.mmap(file.fileno(), 4)[:] = b"TEXT"
END
sync "$M/root-suid"
same TEXT "$(cat "$U/root-suid")"
mode_is "$U/root-suid" 755
mode_is "$M/root-suid" 755
as_id 1000:1001 unshare -Ur true 2>/dev/null || exit 0    # no user namespaces
fails_with EINVAL as_id 1000:1001 unshare -Ur setfattr -n security.capability \
	-v 0x0100000280000000000000000000000000000000 "$M/own"
