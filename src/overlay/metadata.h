/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copying what belongs to an object besides its data: owner, xattrs, mode, times.
 */
#ifndef OVERLAY_METADATA_H
#define OVERLAY_METADATA_H

#include "fs.h"

/*
 * Gives new, an object that users cannot reach yet, what old has. st is old's. The order matters:
 * owner first (it takes set-id bits and capabilities away), then xattrs (the mode may forbid them
 * later), mode, times. has_mode: the permissions that new has.
 *
 * Xattrs: all but the overlay's own marks (escaped ones are copied). What the upper's file system
 * cannot hold is left out, but for ACLs and security.*: those fail with -EOPNOTSUPP (kernel:
 * ovl_must_copy_xattr()). Returns 0 or -errno.
 *
 * may_be_marked: old is a metacopy whose data have been found. Of others a metacopy mark means that
 * theirs are where we may not look, and they are not copied: -EPERM.
 *
 * Owners are copied as they are stored (ids.h), with xattr_permissions into new's override_stat: no
 * chown then, and new keeps the daemon's owner (but for what cannot hold that xattr).
 */
int ovl_metadata_copy(struct ovl_fs *fs, struct sys_at old, const struct stat *st,
	struct sys_at new_object, mode_t has_mode, bool may_be_marked);

#endif
