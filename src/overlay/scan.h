/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a directory: one pass over each of its real directories, topmost first, makes its index.
 * This is where layers are merged and where whiteouts and opaque marks of every encoding are
 * understood; everything else asks the index. Mirrors fs/overlayfs/readdir.c,
 * ovl_dir_read_merged().
 */
#ifndef OVERLAY_SCAN_H
#define OVERLAY_SCAN_H

#include "fs.h"

/*
 * Makes sure that dir has its index. dir's lock is held for writing.
 * Real directories below an opaque one are dropped from dir->lowers.
 * Returns 0 or -errno (nothing changed: the next call tries again): -ENOMEM, and what opening,
 * listing and reading marks of any layer's directory can give, -EACCES and -EIO among them: an
 * unreadable layer is never taken for an empty one.
 */
int ovl_dir_read_locked(struct ovl_fs *fs, struct ovl_dir *dir);

/* Locks dir for reading (write: for writing) with its index there. Returns 0 with the lock held, or
 * -errno without. Release with pthread_rwlock_unlock(). */
int ovl_dir_lock_read(struct ovl_fs *fs, struct ovl_dir *dir);
int ovl_dir_lock_write(struct ovl_fs *fs, struct ovl_dir *dir);

#endif
