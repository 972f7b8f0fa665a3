/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of operations, and what they share: finding the inode, answering.
 *
 * Every operation resolves its inodes, calls one verb of the overlay (overlay/verbs.h), and answers
 * once. Nothing is decided here.
 */
#include <errno.h>
#include <stdlib.h>

#include "passthrough.h"
#include "session.h"

struct ovl_inode *ovl_resolve(fuse_req_t req, fuse_ino_t nodeid)
{
	struct ovl_inode *inode = ovl_inode_get(ovl_fs_of(req), nodeid);
	if (!inode)
		ovl_reply(req, -ESTALE);
	return inode;
}

void ovl_reply(fuse_req_t req, ssize_t result)
{
	fuse_reply_err(req, result < 0 ? (int)-result : 0);
}

double ovl_attr_timeout(const struct ovl_session *session, fuse_ino_t nodeid)
{
	struct ovl_passthrough *passthrough = session->passthrough;
	if (passthrough && ovl_open_modes_is_mappable(&passthrough->modes, nodeid))
		return 0;
	return session->options.timeout;
}

struct fuse_entry_param ovl_entry_param(
	const struct ovl_session *session, const struct ovl_node *node)
{
	return (struct fuse_entry_param){
		.ino = node->nodeid,
		/* The root has none: some kernels take another number for a root gone bad. */
		.generation = node->nodeid == FUSE_ROOT_ID ? 0 : session->generation,
		.attr = node->st,
		.attr_timeout = ovl_attr_timeout(session, node->nodeid),
		.entry_timeout = session->options.timeout,
	};
}

void ovl_reply_node(fuse_req_t req, int result, const struct ovl_node *node)
{
	if (result < 0) {
		ovl_reply(req, result);
		return;
	}
	struct ovl_fs *fs = ovl_fs_of(req);
	const struct fuse_entry_param entry = ovl_entry_param(ovl_session_of(req), node);
	if (fuse_reply_entry(req, &entry) < 0) /* whoever asked is gone: no FORGET will come */
		ovl_inode_forget(fs, node->nodeid, 1);
}

void ovl_reply_attributes(fuse_req_t req, fuse_ino_t nodeid, int result, const struct stat *st)
{
	if (result < 0)
		ovl_reply(req, result);
	else
		fuse_reply_attr(req, st, ovl_attr_timeout(ovl_session_of(req), nodeid));
}

#define MAX_GROUPS 256

/* The groups of the caller besides its gid are read from /proc: the kernel does not send them. */
static bool is_in_group(const struct ovl_caller *caller, gid_t gid)
{
	gid_t groups[MAX_GROUPS];

	if (caller->uid == 0 || caller->gid == gid)
		return true;
	int n = fuse_req_getgroups(caller->request, MAX_GROUPS, groups);
	for (int i = 0; i < n && i < MAX_GROUPS; i++)
		if (groups[i] == gid)
			return true;
	return false;
}

struct ovl_caller ovl_caller_of(fuse_req_t req)
{
	const struct fuse_ctx *ctx = fuse_req_ctx(req);
	return (struct ovl_caller){
		.uid = ctx->uid,
		.gid = ctx->gid,
		.umask = ctx->umask & 0777,
		.is_in_group = is_in_group,
		.request = req,
	};
}

static void op_init(void *userdata, struct fuse_conn_info *conn)
{
	ovl_negotiate(userdata, conn);
}

const struct fuse_lowlevel_ops ovl_operations = {
	.init = op_init,
	.lookup = ovl_op_lookup,
	.forget = ovl_op_forget,
	.forget_multi = ovl_op_forget_multi,
	.mknod = ovl_op_mknod,
	.mkdir = ovl_op_mkdir,
	.symlink = ovl_op_symlink,
	.link = ovl_op_link,
	.unlink = ovl_op_unlink,
	.rmdir = ovl_op_rmdir,
	.rename = ovl_op_rename,
	.getattr = ovl_op_getattr,
	.setattr = ovl_op_setattr,
	.readlink = ovl_op_readlink,
	.statfs = ovl_op_statfs,
	.setxattr = ovl_op_setxattr,
	.getxattr = ovl_op_getxattr,
	.listxattr = ovl_op_listxattr,
	.removexattr = ovl_op_removexattr,
	.opendir = ovl_op_opendir,
	.readdir = ovl_op_readdir,
	.readdirplus = ovl_op_readdirplus,
	.fsyncdir = ovl_op_fsync,
	.create = ovl_op_create,
	.open = ovl_op_open,
	.release = ovl_op_release,
	.flush = ovl_op_flush,
	.read = ovl_op_read,
	.write = ovl_op_write,
	.fsync = ovl_op_fsync,
	.fallocate = ovl_op_fallocate,
	.lseek = ovl_op_lseek,
	.copy_file_range = ovl_op_copy_file_range,
	.ioctl = ovl_op_ioctl,
};
