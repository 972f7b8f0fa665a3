/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations on contents. There are no opens: the first OPEN, OPENDIR, CREATE and FLUSH are
 * answered with ENOSYS, and the kernel never sends one again. It then makes files with MKNOD, keeps
 * page and directory caches over opens, and opens cost no message. (With ATOMIC_O_TRUNC off, which
 * negotiate.c sees to, O_TRUNC comes as a SETATTR.) Only where data are passed through there are
 * OPEN, CREATE and RELEASE: passthrough.h.
 */
#include <errno.h>
#include <linux/fs.h>
#include <linux/fuse.h>
#include <string.h>

#include "passthrough.h"
#include "session.h"

#ifndef FUSE_WRITE_KILL_SUIDGID
#define FUSE_WRITE_KILL_SUIDGID (1 << 2)
#endif

void ovl_op_open(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi)
{
	struct ovl_session *session = ovl_session_of(req);
	if (!session->passthrough) {
		ovl_reply(req, -ENOSYS);
		return;
	}
	struct ovl_inode *inode = ovl_resolve(req, nodeid);
	if (!inode)
		return;
	int backing = ovl_passthrough_open(session, inode, nodeid, fi->flags);
	ovl_inode_unref(session->fs, inode);
	if (backing < 0) {
		ovl_reply(req, backing);
		return;
	}
	fi->keep_cache = backing == 0;
	ovl_passthrough_set_answer(backing);
	if (fuse_reply_open(req, fi) < 0) /* whoever asked is gone: no RELEASE will come */
		ovl_passthrough_release(session->passthrough, nodeid, fi->flags);
}

void ovl_op_release(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi)
{
	struct ovl_session *session = ovl_session_of(req);

	if (session->passthrough)
		ovl_passthrough_release(session->passthrough, nodeid, fi->flags);
	ovl_reply(req, 0);
}

void ovl_op_opendir(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi)
{
	(void)nodeid;
	(void)fi;
	ovl_reply(req, -ENOSYS);
}

/* The second half of CREATE. What has been made stays, also where it cannot be opened. */
static void open_created(fuse_req_t req, const struct ovl_node *node, struct fuse_file_info *fi)
{
	struct ovl_session *session = ovl_session_of(req);
	struct ovl_inode *inode = ovl_inode_get(session->fs, node->nodeid);
	int backing =
		inode ? ovl_passthrough_open_new(session, inode, node->nodeid, fi->flags) : -ESTALE;

	ovl_inode_unref(session->fs, inode);
	if (backing < 0) {
		ovl_inode_forget(session->fs, node->nodeid, 1);
		ovl_reply(req, backing);
		return;
	}
	const struct fuse_entry_param entry = ovl_entry_param(session, node);
	fi->keep_cache = backing == 0;
	ovl_passthrough_set_answer(backing);
	if (fuse_reply_create(req, &entry, fi) < 0) {
		ovl_passthrough_release(session->passthrough, node->nodeid, fi->flags);
		ovl_inode_forget(session->fs, node->nodeid, 1);
	}
}

void ovl_op_create(
	fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, struct fuse_file_info *fi)
{
	struct ovl_session *session = ovl_session_of(req);
	struct ovl_caller caller = ovl_caller_of(req);
	struct ovl_node node;

	if (!session->passthrough) {
		ovl_reply(req, -ENOSYS);
		return;
	}
	struct ovl_inode *dir = ovl_resolve(req, parent);
	if (!dir)
		return;
	int r = ovl_mknod(session->fs, dir, name, mode, 0, &caller, &node);
	ovl_inode_unref(session->fs, dir);
	if (r < 0)
		ovl_reply(req, r);
	else
		open_created(req, &node, fi);
}

void ovl_op_flush(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi)
{
	(void)nodeid;
	(void)fi;
	ovl_reply(req, -ENOSYS);
}

void ovl_op_read(
	fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t offset, struct fuse_file_info *fi)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);

	(void)fi;
	if (!inode)
		return;
	char *buffer = ovl_thread_buffer(size);
	ssize_t r = buffer ? ovl_read(fs, inode, buffer, size, offset) : -ENOMEM;
	ovl_inode_unref(fs, inode);
	if (r < 0)
		ovl_reply(req, r);
	else
		fuse_reply_buf(req, buffer, (size_t)r);
}

/* libfuse keeps this flag from us. */
static bool write_kills(void)
{
	const struct fuse_in_header *header = ovl_request();
	if (!header || header->len < sizeof(*header) + sizeof(struct fuse_write_in))
		return false;
	return ((const struct fuse_write_in *)(header + 1))->write_flags & FUSE_WRITE_KILL_SUIDGID;
}

/* The kernel has the mode in its cache and is not told of the change by the answer. No page is
 * touched (offset -1), so no lock is wanted that the request might hold. */
static void tell_set_id(fuse_req_t req, fuse_ino_t nodeid, const struct ovl_set_id *set_id)
{
	if (set_id->changed)
		fuse_lowlevel_notify_inval_inode(ovl_session_of(req)->fuse, nodeid, -1, 0);
}

/* For requests that do not say whether the caller may keep set-id bits. */
static struct ovl_set_id set_id_of_caller(fuse_req_t req)
{
	return (struct ovl_set_id){.kill = fuse_req_ctx(req)->uid != 0};
}

void ovl_op_write(fuse_req_t req, fuse_ino_t nodeid, const char *data, size_t size, off_t offset,
	struct fuse_file_info *fi)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);

	if (!inode)
		return;
	struct fuse_session *session = ovl_session_of(req)->fuse;
	struct ovl_set_id set_id = {.kill = write_kills()};
	ssize_t r = ovl_write(fs, inode, data, size, offset, &set_id);
	ovl_inode_unref(fs, inode);
	tell_set_id(req, nodeid, &set_id);
	if (r < 0)
		ovl_reply(req, r);
	else
		fuse_reply_write(req, (size_t)r);
	/* What was written to a mapping of a protected file is in the page cache, for all to read.
	 */
	if (r == -EPERM && fi->writepage)
		fuse_lowlevel_notify_inval_inode(session, nodeid, offset, (off_t)size);
}

void ovl_op_fsync(fuse_req_t req, fuse_ino_t nodeid, int data_only, struct fuse_file_info *fi)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);

	(void)fi;
	if (!inode)
		return;
	int r = ovl_fsync(fs, inode, data_only);
	ovl_inode_unref(fs, inode);
	ovl_reply(req, r);
}

void ovl_op_fallocate(fuse_req_t req, fuse_ino_t nodeid, int mode, off_t offset, off_t length,
	struct fuse_file_info *fi)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);

	(void)fi;
	if (!inode)
		return;
	struct ovl_set_id set_id = set_id_of_caller(req);
	int r = ovl_fallocate(fs, inode, mode, offset, length, &set_id);
	ovl_inode_unref(fs, inode);
	tell_set_id(req, nodeid, &set_id);
	ovl_reply(req, r);
}

void ovl_op_lseek(
	fuse_req_t req, fuse_ino_t nodeid, off_t offset, int whence, struct fuse_file_info *fi)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);

	(void)fi;
	if (!inode)
		return;
	off_t r = ovl_lseek(fs, inode, offset, whence);
	ovl_inode_unref(fs, inode);
	if (r < 0)
		ovl_reply(req, r);
	else
		fuse_reply_lseek(req, r);
}

void ovl_op_copy_file_range(fuse_req_t req, fuse_ino_t in, off_t in_offset,
	struct fuse_file_info *in_fi, fuse_ino_t out, off_t out_offset,
	struct fuse_file_info *out_fi, size_t length, int flags)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *from = ovl_resolve(req, in);
	struct ovl_inode *to = from ? ovl_resolve(req, out) : NULL;

	(void)in_fi;
	(void)out_fi;
	(void)flags;
	if (to) {
		struct ovl_set_id set_id = set_id_of_caller(req);
		ssize_t r =
			ovl_copy_file_range(fs, from, in_offset, to, out_offset, length, &set_id);
		tell_set_id(req, out, &set_id);
		if (r < 0)
			ovl_reply(req, r);
		else
			fuse_reply_write(req, (size_t)r);
	}
	ovl_inode_unref(fs, to);
	ovl_inode_unref(fs, from);
}

/* How much the kernel's file attribute calls read and write. Their numbers promise a long where an
 * int is meant. */
static size_t ioctl_size(unsigned command)
{
	switch (command) {
	case FS_IOC_GETFLAGS:
	case FS_IOC_SETFLAGS:
		return sizeof(int);
	case FS_IOC_FSGETXATTR:
	case FS_IOC_FSSETXATTR:
		return sizeof(struct fsxattr);
	default:
		return 0;
	}
}

void ovl_op_ioctl(fuse_req_t req, fuse_ino_t nodeid, unsigned command, void *argument,
	struct fuse_file_info *fi, unsigned flags, const void *in, size_t in_size, size_t out_size)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);
	union {
		long whole_word;
		struct fsxattr fsxattr;
	} data = {0};
	size_t size = ioctl_size(command);
	bool set = command == FS_IOC_SETFLAGS || command == FS_IOC_FSSETXATTR;
	int r = -ENOTTY;

	(void)argument;
	(void)fi;
	(void)flags;
	if (!inode)
		return;
	if (size && (set ? in_size : out_size) < size)
		r = -EINVAL;
	else if (set)
		r = ovl_ioctl_set(fs, inode, command, memcpy(&data, in, size));
	else if (size)
		r = ovl_ioctl_get(fs, inode, command, &data);
	ovl_inode_unref(fs, inode);
	if (r < 0)
		ovl_reply(req, r);
	else
		fuse_reply_ioctl(req, r, &data, set ? 0 : size);
}
