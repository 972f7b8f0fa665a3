/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The overlay's own UUID: 16 bytes in the mark P uuid of the upper's root. Kernel overlayfs makes
 * f_fsid of it, the same at every mount; through FUSE none can be shown (fuse_statfs() has no
 * place for it), so it is kept for the day on which the kernel mounts the same upper.
 */
#ifndef OVERLAY_INSTANCE_UUID_H
#define OVERLAY_INSTANCE_UUID_H

#include "fs.h"

/* Sees to it that the upper's root has the mark: with ON always, with AUTO if nothing has been
 * copied up there yet (no impure mark). One that is there stays as it is. What fails is said in one
 * line, and the overlay goes on without, as in the kernel (ovl_init_uuid_xattr()). To be called
 * before requests are served, with fs->upper_has_xattrs known. */
void ovl_instance_uuid_keep(struct ovl_fs *fs, enum ovl_uuid_choice choice);

#endif
