# SPDX-License-Identifier: GPL-2.0-or-later
# mount.fuse3 mounts by the name fuse-overlayfs, as containerd's snapshotter calls it; all output has its end.
# only: fuse
need_program mount.fuse3
layers 2
put "$L1/f" one
put "$L2/g" two
mkdir "$T/bin"
ln -s "$FUSE_OVERLAY" "$T/bin/fuse-overlayfs"
export PATH=$T/bin:$PATH
said=$(timeout 20 mount.fuse3 overlay "$M" -o "workdir=$W" -o "upperdir=$U" -o "lowerdir=$L1:$L2" -t fuse-overlayfs 2>&1)
same '' "$said" said
lists "$M" f g
echo x >"$M/new"
has "$U/new" x
same 'overlay fuse.fuse-overlayfs' "$(findmnt -no SOURCE,FSTYPE "$M" | tr -s ' ')" 'source and type'
umount "$M"
# Its probe: two lower layers, no upper.
timeout 20 mount.fuse3 overlay "$M" -o "lowerdir=$L1:$L2" -t fuse-overlayfs
lists "$M" f g
fails_with EROFS touch "$M/x"
umount "$M"
