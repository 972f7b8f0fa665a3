/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verity=: the data of a metacopy are those that were meant when it was made. Its mark holds their
 * fs-verity digest, and the file system below checks at each read that they still have it. So one
 * comparison when they are opened is enough, however large they are.
 *
 * The uppermost metacopy's digest counts, as in the kernel (fs/overlayfs/namei.c, ovl_lookup()).
 * Ours is compared whenever a backing file is opened, not once in an inode's life: the kernel then
 * has the data's inode and keeps it, while we go by name each time.
 */
#ifndef OVERLAY_VERITY_H
#define OVERLAY_VERITY_H

#include "fs.h"

/* The digest of opened data. Returns 1 with it, 0 where they have none that the kernel vouches for,
 * or -errno of statx(2) or ioctl(2). Mirrors ovl_get_verity_digest(). */
int ovl_verity_get(int data, struct sys_digest *ret_digest);

/*
 * Are data, opened and called name, what the mark of metacopy (of the upper or not) asks for? Of
 * the first of a mount that are not a line is logged. Returns 0, also where verity=off or verity=on
 * wants nothing of them; -EIO for other data, for some without fs-verity where a digest is asked
 * for, for a damaged mark, and with verity=require for a mark without digest; or another -errno of
 * what it takes to find out. The lock of metacopy's inode is held. Mirrors
 * ovl_validate_verity().
 */
int ovl_verity_check(
	struct ovl_fs *fs, struct sys_at metacopy, bool is_upper, int data, const char *name);

#endif
