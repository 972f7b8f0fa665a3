# SPDX-License-Identifier: GPL-2.0-or-later
# Without nfs_export=on a file is known by its handle as long as somebody has it open.
[ "$FS" = fuse ] || skip "the kernel gives no handles that can be opened"
[ "$AS" = root ] || skip "only root may open file handles"
put "$L/open"
put "$L/closed"
overlay_mount
py <<'PY'
handles = [name_to_handle(M + "/" + name) for name in ("open", "closed")]
fd = os.open(M + "/open", os.O_RDONLY)
for _ in range(3):
    write("/proc/sys/vm/drop_caches", "2", os.O_WRONLY)
os.close(open_by_handle(M, handles[0], os.O_RDONLY))
with expect(errno.ESTALE):
    os.close(open_by_handle(M, handles[1], os.O_RDONLY))
PY
