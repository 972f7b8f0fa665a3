/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contents of regular files. Offsets and lengths in bytes. All return -errno as the system call
 * gives it.
 */
#ifndef SYS_DATA_H
#define SYS_DATA_H

#include <stdint.h>
#include <sys/types.h>

#include "sys/object.h"

/* Up to size bytes at offset; fewer only at the end of the file. Returns how many. */
ssize_t sys_pread(int fd, void *buffer, size_t size, off_t offset);

/* What is in memory of that. Returns how many bytes; -EAGAIN: none is, and they are being read now;
 * -EOPNOTSUPP: the file system does not tell; or another -errno. */
ssize_t sys_pread_now(int fd, void *buffer, size_t size, off_t offset);

/* Has the kernel read the first length bytes of a regular file into memory, without waiting for it.
 * Best effort; takes no descriptor from others (sys_set_give_back()). */
void sys_read_ahead(struct sys_at at, off_t length);

/* All of size, or as many as went before an error; an error only when none did. */
ssize_t sys_pwrite(int fd, const void *buffer, size_t size, off_t offset);

int sys_ftruncate(int fd, off_t size);
int sys_fallocate(int fd, int mode, off_t offset, off_t length);
off_t sys_lseek(int fd, off_t offset, int whence);
int sys_fsync(int fd);
int sys_fdatasync(int fd);
int sys_syncfs(int fd);
ssize_t sys_copy_file_range(int in, off_t in_offset, int out, off_t out_offset, size_t length);
/* ioctl with a pointer argument. Returns its result. */
int sys_ioctl(int fd, unsigned long command, void *argument);

/*
 * Copies the first size bytes of in to the empty file out: shares the extents where the file system
 * can (FICLONE), else copies in the kernel (copy_file_range) extent by extent so that holes stay
 * holes, else reads and writes. out has size bytes afterwards even where in has become shorter.
 * how: SYS_COPY_HOLES makes it look for holes; SYS_COPY_UNSHARED spares the attempt to share.
 * -EINTR is never returned; -ENOSPC, -EDQUOT, -EIO come from the file systems.
 */
int sys_copy_contents(int in, int out, off_t size, int how);

#define SYS_COPY_HOLES    1
#define SYS_COPY_UNSHARED 2

/* Makes out share all extents of in (FICLONE). -EOPNOTSUPP, -EXDEV, -ENOTTY: these two file systems
 * never can. */
int sys_share_contents(int in, int out);

/* A result as the C library gives it: -1 with errno for -errno. For what stands in for one of its
 * functions. */
ssize_t sys_as_libc(ssize_t result);

#endif
