/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xattr_permissions=: owner, mode and type of an object stand in an xattr, override_stat, and not
 * in the object, for file systems on which the daemon may not give them to it (NFS and others,
 * without root). The object is the daemon's own, and private: 0700 a directory, 0600 a file. A
 * FIFO, socket or device is an empty regular file. Three names are known:
 *
 *   security.fuseoverlayfs.override_stat   xattr_permissions=1: written and read. Only root of the
 *                                          initial user namespace can set it, so a layer's owner
 *                                          cannot forge it
 *   user.containers.override_stat          =2: written, read first
 *   user.fuseoverlayfs.override_stat       =2: read, then that of =1
 *
 * The value is "UID:GID:MODE[:TYPE[:...]]": decimal ids (stored ones, see ids.h), an octal mode of
 * which 07777 counts, TYPE file, dir, symlink, pipe, socket, block-MAJOR-MINOR or char-MAJOR-MINOR.
 * A value that is not of that form is not obeyed at all; a TYPE that the object cannot have (only a
 * regular file may be shown as something else, and nothing as a whiteout) is not obeyed alone.
 *
 * Where an object cannot hold it (=2: user.* xattrs are for files and directories only), a symbolic
 * link above all, the object's own owner and mode count, and are changed as without the option.
 *
 * Users of the mount neither see nor set these xattrs (format.h). In all that follows, without the
 * option the system call itself is made, and nothing besides it. Errors are those of the system
 * calls, -EPERM and -ENOSPC among them.
 */
#ifndef OVERLAY_OVERRIDE_STAT_H
#define OVERLAY_OVERRIDE_STAT_H

#include "fs.h"

/* -- the value --------------------------------------------------------------------------------- */

struct ovl_override {
	uid_t uid;
	gid_t gid;
	mode_t mode; /* 07777 of it, and the type; no type (S_IFMT is 0) = that of the object */
	dev_t device;
	bool bare; /* neither a type nor the bits of one */
};

/* false where value is not of that form; *ret is then untouched. */
bool ovl_override_parse(const char *value, size_t size, struct ovl_override *ret);

#define OVL_OVERRIDE_SIZE 64
/* Writes what st says; returns the length. */
size_t ovl_override_format(const struct stat *st, char value[OVL_OVERRIDE_SIZE]);

/* -- objects ----------------------------------------------------------------------------------- */

static inline bool ovl_override_is_on(const struct ovl_fs *fs)
{
	return fs->xattr_permissions != OVL_XATTR_PERMISSIONS_OFF;
}

/* Can objects in directory, made for trying, hold the xattr? 0, or -errno of the attempt. */
int ovl_override_probe(const struct ovl_fs *fs, int dirfd);

/* Puts what an object's override_stat says into st, which is its stat. Where there is none, or it
 * may not be read, st stays. */
int ovl_override_read(const struct ovl_fs *fs, struct sys_at at, struct stat *st);

/* stat(2), with owner, mode and type as they are stored. */
int ovl_stored_stat(const struct ovl_fs *fs, struct sys_at at, struct stat *ret_stat);

/* chown(2): -1 leaves an id as it is; set-id bits and capabilities go in any case. */
int ovl_stored_chown(const struct ovl_fs *fs, struct sys_at at, uid_t uid, gid_t gid);

/* chmod(2). */
int ovl_stored_chmod(const struct ovl_fs *fs, struct sys_at at, mode_t mode);

/* With the option only: gives an object that was just made this owner, mode and type, and makes the
 * object itself private. */
int ovl_override_make(const struct ovl_fs *fs, struct sys_at at, const struct stat *st);

/* The permissions that an object itself has where mode is stored for it: those, or with the option
 * the private ones. */
mode_t ovl_own_mode(const struct ovl_fs *fs, mode_t mode);

#endif
