/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extended attributes of objects named by a directory descriptor and a name. Uses getxattrat(2) and
 * its sisters (Linux 6.13) where the kernel has them, else the /proc/self/fd path of the object.
 *
 * Sizes are in bytes. All return -errno as the system call gives it: -ENODATA where there is no
 * such attribute, -ERANGE where the buffer is too small, -EOPNOTSUPP where the file system has
 * none.
 */
#ifndef SYS_XATTRS_H
#define SYS_XATTRS_H

#include "sys/object.h"

/* Size of the value; size 0 asks for it only. */
ssize_t sys_getxattr(struct sys_at at, const char *name, void *value, size_t size);
/* flags: XATTR_CREATE, XATTR_REPLACE or 0. */
int sys_setxattr(struct sys_at at, const char *name, const void *value, size_t size, int flags);
int sys_removexattr(struct sys_at at, const char *name);
/* NUL-terminated names; returns their total size; size 0 asks for it only. */
ssize_t sys_listxattr(struct sys_at at, char *names, size_t size);

#endif
