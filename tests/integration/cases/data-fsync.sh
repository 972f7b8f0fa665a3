# SPDX-License-Identifier: GPL-2.0-or-later
# fsync, fdatasync, sync of files and directories of every kind succeed.
put "$L/d/low" text
overlay_mount
echo x >"$M/new"
sync "$M/d/low" "$M/new" "$M/d" "$M"
sync -d "$M/new" "$M/d/low"
sync -f "$M"
py <<'PY'
fd = os.open(M + "/d/low", os.O_RDWR | os.O_SYNC)
os.write(fd, b"synced")
os.fsync(fd)
os.unlink(M + "/d/low")
os.fsync(fd)
PY
