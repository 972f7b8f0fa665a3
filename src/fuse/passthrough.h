/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FUSE passthrough (Linux 6.9): the kernel reads, writes and maps a file of the upper by itself, on
 * a backing file that we name when the file is opened. That takes OPEN and RELEASE, which a mount
 * does without otherwise: so it is a mode of the whole mount.
 *
 * Passed through is what lies in the upper with its data. All else is opened for the kernel's
 * cache, and stays so until everybody has closed it, also when it has been copied up meanwhile
 * (open_modes.h). Sizes, names, fsync(2), truncation and locks go the usual way.
 *
 * The kernel writes with our credentials, and so the upper's file system takes no set-id bits away.
 * FUSE's own inode does: before a write by one who may not leave them the kernel sends a SETATTR
 * that sets nothing (operations_attr.c), and it asks for, and removes, security.capability.
 */
#ifndef FUSE_PASSTHROUGH_H
#define FUSE_PASSTHROUGH_H

#include <linux/fuse.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "open_modes.h"

struct ovl_fs;
struct ovl_inode;
struct ovl_session;

/* include/uapi/linux/fuse.h of Linux 6.9: older headers have none of this. */
#ifndef FUSE_PASSTHROUGH
#define FUSE_PASSTHROUGH  (1ULL << 37)
#define FOPEN_PASSTHROUGH (1 << 7)

struct fuse_backing_map {
	int32_t fd;
	uint32_t flags;
	uint64_t padding;
};
#define FUSE_DEV_IOC_BACKING_OPEN  _IOW(229, 1, struct fuse_backing_map)
#define FUSE_DEV_IOC_BACKING_CLOSE _IOW(229, 2, uint32_t)
#endif

/* What they call fuse_open_out, whose last member had no name before. */
struct ovl_open_out {
	uint64_t fh;
	uint32_t open_flags;
	int32_t backing_id;
};

/* In the reply to INIT: what follows flags2, without a name before. */
#define OVL_INIT_MAX_STACK_DEPTH (offsetof(struct fuse_init_out, flags2) + sizeof(uint32_t))

/*
 * Layers of stacked file systems that the kernel allows for, itself included. With 1 a backing file
 * lies on no stacked file system (of one that does the kernel says -ELOOP, and the file is opened
 * for the cache), and a kernel overlay may still have this mount for a layer.
 */
#define OVL_MAX_STACK_DEPTH 1

struct ovl_passthrough {
	int fd; /* borrowed: /dev/fuse */
	struct ovl_open_modes modes;
};

/* fd is that of the session, and outlives it. NULL = no memory. */
struct ovl_passthrough *ovl_passthrough_new(int fd);
/* NULL is allowed. Backing files that are still open go with the connection. */
void ovl_passthrough_free(struct ovl_passthrough *passthrough);

/* May this process name backing files? That takes CAP_SYS_ADMIN in the first user namespace
 * (fuse_backing_open()). */
bool ovl_passthrough_is_allowed(void);

/*
 * OPEN of inode, whose nodeid that is, with the flags of open(2). Returns the number of the backing
 * file, 0 for the cache, or -errno: what ovl_backing_get() says, -ENOMEM. On success the open is
 * counted: ovl_passthrough_release() with the same flags is due. No lock is held across the system
 * calls.
 */
int ovl_passthrough_open(
	struct ovl_session *session, struct ovl_inode *inode, uint64_t nodeid, int flags);
/* The same for one that has just been made: where it cannot be passed through it is cached. */
int ovl_passthrough_open_new(
	struct ovl_session *session, struct ovl_inode *inode, uint64_t nodeid, int flags);
void ovl_passthrough_release(struct ovl_passthrough *passthrough, uint64_t nodeid, int flags);

/* Of the answer to OPEN or CREATE that this thread sends next; 0 = the cache. */
void ovl_passthrough_set_answer(int backing);
/* Every message on its way out: libfuse before 3.17 knows nothing of backing files. */
void ovl_passthrough_complete_answer(const struct iovec *iov, int count);

#endif
