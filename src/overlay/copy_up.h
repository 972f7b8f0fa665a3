/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copy-up: before something of a lower layer is changed, it is copied to the upper, its directories
 * first (the kernel's fs/overlayfs/copy_up.c).
 *
 * The copy is made aside, in work/ or without a name, with everything that belongs to it, and is
 * published by one link or rename: a crash or an error at any step leaves the upper as it was or
 * complete. What a crash leaves in work/ is removed at the next mount.
 */
#ifndef OVERLAY_COPY_UP_H
#define OVERLAY_COPY_UP_H

#include "fs.h"

#define OVL_COPY_ALL ((off_t)-1)

/* The copy has been given the size that was wanted. */
#define OVL_COPIED_CUT 1

/*
 * Makes sure that inode is in the upper; it stays there from then on. limit: the size to which a
 * regular file is truncated, in the copy before that is published, or OVL_COPY_ALL. No lock is held
 * by the caller, and none while data are copied; a second thread that wants the same waits. A file
 * whose name was removed meanwhile is copied all the same, to an object without a name.
 *
 * Returns 0; OVL_COPIED_CUT where the truncation is done with it, which it is not where the file
 * was in the upper already; or -errno: -EROFS without an upper, -ENOENT for a removed directory,
 * -EOVERFLOW and -EPERM where the owner cannot be kept, -ENOSPC, -EDQUOT, -EIO ...; then nothing
 * has changed.
 */
int ovl_copy_up(struct ovl_fs *fs, struct ovl_inode *inode, off_t limit);

/* The same for a directory. */
int ovl_copy_up_dir(struct ovl_fs *fs, struct ovl_dir *dir);

/* Makes sure that the upper of dir has the impure mark: an entry with an origin comes into it. dir
 * is in the upper, its lock is held for writing. */
int ovl_mark_impure_locked(struct ovl_fs *fs, struct ovl_dir *dir);

#endif
