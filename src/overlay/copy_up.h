/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copy-up: before something of a lower layer is changed, it is copied to the upper, its directories
 * first (the kernel's fs/overlayfs/copy_up.c).
 *
 * The copy is made aside, in work/ or without a name, with everything that belongs to it, and is
 * published by one link or rename: a crash or an error at any step leaves the upper as it was or
 * complete. What a crash leaves in work/ is removed at the next mount.
 *
 * Where only metadata are going to change, the data may stay below: see metacopy.h.
 */
#ifndef OVERLAY_COPY_UP_H
#define OVERLAY_COPY_UP_H

#include "fs.h"

#define OVL_COPY_ALL      ((off_t)-1)
#define OVL_COPY_METADATA ((off_t)-2)

/* The copy has been given the size that was wanted. */
#define OVL_COPIED_CUT 1

/*
 * Makes sure that inode is in the upper; it stays there from then on. limit: the size to which a
 * regular file is truncated, in the copy before that is published; OVL_COPY_ALL; or
 * OVL_COPY_METADATA where it may become or stay a metacopy. No lock is held by the caller, and none
 * while data are copied; a second thread that wants the same waits. A file whose name was removed
 * meanwhile is copied all the same, to an object without a name.
 *
 * Returns 0; OVL_COPIED_CUT where the truncation is done with it, which it is not where the file
 * was in the upper already; or -errno: -EROFS without an upper, -ENOENT for a removed directory,
 * -EOVERFLOW and -EPERM where the owner cannot be kept, -EIO where verity= refuses the data,
 * -ENOSPC, -EDQUOT, -EIO ...; then nothing has changed.
 */
int ovl_copy_up(struct ovl_fs *fs, struct ovl_inode *inode, off_t limit);

/* The same for a directory. */
int ovl_copy_up_dir(struct ovl_fs *fs, struct ovl_dir *dir);

/* The copy that the link index calls link (link_index.h) gets one more name in the upper of parent;
 * *ret_stat are its attributes before. parent's lock is held for writing. */
int ovl_link_copy_up(struct ovl_fs *fs, const char *link, struct ovl_dir *parent, const char *name,
	struct stat *ret_stat);

/* Copies the first size bytes of in, which is of layer, to out: shared where that is possible, and
 * synced as the options say. has_holes: in may have holes. Returns 0 or -errno. */
int ovl_copy_contents(
	struct ovl_fs *fs, unsigned layer, int in, int out, off_t size, bool has_holes);

#endif
