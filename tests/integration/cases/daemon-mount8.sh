# SPDX-License-Identifier: GPL-2.0-or-later
# mount(8) mounts by its FUSE helper.
# only: fuse
[ "$AS" = root ] || skip "only root has mount(8) do that"
need_program mount.fuse3
put "$L/f" text
mount -t fuse "$FUSE_OVERLAY#src" "$M" -o "lowerdir=$L,upperdir=$U,workdir=$W,rw,nosuid,x-test=1"
MOUNTED=yes
has "$M/f" text
echo x >"$M/new"
has "$U/new" x
without_check remount cross
