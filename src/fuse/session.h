/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside src/fuse: the session, the request in hand, and the small helpers of the operations.
 */
#ifndef FUSE_SESSION_PRIVATE_H
#define FUSE_SESSION_PRIVATE_H

#include <fuse_lowlevel.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "fuse/session.h"
#include "habits.h"
#include "overlay/verbs.h"

struct ovl_passthrough;
struct ovl_uring;
struct ovl_workers;

struct ovl_session {
	struct ovl_fs *fs;                  /* borrowed */
	struct fuse_session *fuse;          /* owned */
	struct ovl_session_options options; /* immutable */
	int fd;                             /* borrowed: /dev/fuse */
	uint32_t generation; /* immutable: of all inodes; no other mount has the same, so that
			      * a file handle of an earlier one leads nowhere */
	atomic_bool is_initialised;          /* the kernel's INIT has been answered */
	uint64_t init_unique;                /* of the INIT request, while it is being answered */
	uint64_t offered;                    /* its flags: what the kernel can do */
	struct ovl_workers *workers;         /* owned */
	_Atomic(struct ovl_uring *) uring;   /* owned; NULL: requests come over /dev/fuse alone */
	struct ovl_passthrough *passthrough; /* owned; NULL: files are not opened. Immutable once
					      * INIT has been answered */
	_Atomic(const char *) refusal;       /* see ovl_session_refusal() */
	struct ovl_habits habits;            /* who lists what for what; its own lock */
};

/* The table of operations for libfuse. */
extern const struct fuse_lowlevel_ops ovl_operations;

/* INIT: says which of the kernel's offers we take. */
void ovl_negotiate(struct ovl_session *session, struct fuse_conn_info *conn);

/* The I/O functions that see every message go by: see negotiate.c. */
extern const struct fuse_custom_io ovl_custom_io;

/*
 * The request that this thread works on, as it came from the kernel: what libfuse does not hand on
 * stands there (kill flags). NULL outside of a request.
 */
const void *ovl_request(void);
void ovl_set_request(const void *request);

/* -- helpers of the operations ----------------------------------------------------------------- */

static inline struct ovl_session *ovl_session_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

static inline struct ovl_fs *ovl_fs_of(fuse_req_t req)
{
	return ovl_session_of(req)->fs;
}

/* The inode of a nodeid; where there is none answers ESTALE and returns NULL. */
struct ovl_inode *ovl_resolve(fuse_req_t req, fuse_ino_t nodeid);

/* Answers with 0 or the positive errno of a verb's result. The one place where the sign flips. */
void ovl_reply(fuse_req_t req, ssize_t result);

/* Answers a verb that gave a node (result >= 0) or an error. */
void ovl_reply_node(fuse_req_t req, int result, const struct ovl_node *node);

void ovl_reply_attributes(fuse_req_t req, fuse_ino_t nodeid, int result, const struct stat *st);

/* What the kernel is told of a node. */
struct fuse_entry_param ovl_entry_param(
	const struct ovl_session *session, const struct ovl_node *node);

/* For how many seconds the kernel may keep a file's attributes. */
double ovl_attr_timeout(const struct ovl_session *session, fuse_ino_t nodeid);

struct ovl_caller ovl_caller_of(fuse_req_t req);

/* A buffer of this thread, of at least size bytes, until the next call. NULL = no memory. */
char *ovl_thread_buffer(size_t size);

/* This thread has another one for the request in hand, of that size: see uring.c. */
void ovl_lend_thread_buffer(char *data, size_t size);

/* Operations, by file. */
void ovl_op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name);
void ovl_op_forget(fuse_req_t req, fuse_ino_t nodeid, uint64_t n);
void ovl_op_forget_multi(fuse_req_t req, size_t count, struct fuse_forget_data *forgets);
void ovl_op_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, dev_t device);
void ovl_op_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode);
void ovl_op_symlink(fuse_req_t req, const char *target, fuse_ino_t parent, const char *name);
void ovl_op_link(fuse_req_t req, fuse_ino_t nodeid, fuse_ino_t new_parent, const char *new_name);
void ovl_op_unlink(fuse_req_t req, fuse_ino_t parent, const char *name);
void ovl_op_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name);
void ovl_op_rename(fuse_req_t req, fuse_ino_t parent, const char *name, fuse_ino_t new_parent,
	const char *new_name, unsigned flags);

void ovl_op_getattr(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi);
void ovl_op_setattr(fuse_req_t req, fuse_ino_t nodeid, struct stat *attr, int to_set,
	struct fuse_file_info *fi);
void ovl_op_readlink(fuse_req_t req, fuse_ino_t nodeid);
void ovl_op_statfs(fuse_req_t req, fuse_ino_t nodeid);
void ovl_op_setxattr(fuse_req_t req, fuse_ino_t nodeid, const char *name, const char *value,
	size_t size, int flags);
void ovl_op_getxattr(fuse_req_t req, fuse_ino_t nodeid, const char *name, size_t size);
void ovl_op_listxattr(fuse_req_t req, fuse_ino_t nodeid, size_t size);
void ovl_op_removexattr(fuse_req_t req, fuse_ino_t nodeid, const char *name);

void ovl_op_readdir(
	fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t offset, struct fuse_file_info *fi);
void ovl_op_readdirplus(
	fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t offset, struct fuse_file_info *fi);

void ovl_op_open(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi);
void ovl_op_opendir(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi);
void ovl_op_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
	struct fuse_file_info *fi);
void ovl_op_release(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi);
void ovl_op_flush(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi);
void ovl_op_read(
	fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t offset, struct fuse_file_info *fi);
void ovl_op_write(fuse_req_t req, fuse_ino_t nodeid, const char *data, size_t size, off_t offset,
	struct fuse_file_info *fi);
void ovl_op_fsync(fuse_req_t req, fuse_ino_t nodeid, int data_only, struct fuse_file_info *fi);
void ovl_op_fallocate(fuse_req_t req, fuse_ino_t nodeid, int mode, off_t offset, off_t length,
	struct fuse_file_info *fi);
void ovl_op_lseek(
	fuse_req_t req, fuse_ino_t nodeid, off_t offset, int whence, struct fuse_file_info *fi);
void ovl_op_copy_file_range(fuse_req_t req, fuse_ino_t in, off_t in_offset,
	struct fuse_file_info *in_fi, fuse_ino_t out, off_t out_offset,
	struct fuse_file_info *out_fi, size_t length, int flags);
void ovl_op_ioctl(fuse_req_t req, fuse_ino_t nodeid, unsigned command, void *argument,
	struct fuse_file_info *fi, unsigned flags, const void *in, size_t in_size, size_t out_size);

#endif
