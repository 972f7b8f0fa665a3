/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operations on names: lookup, making, removing, renaming. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "passthrough.h"
#include "session.h"

/* Of the two names that no user can look up the kernel asks for a file handle's sake. */
static int lookup(
	struct ovl_fs *fs, struct ovl_inode *inode, const char *name, struct ovl_node *node)
{
	if (strcmp(name, ".") == 0)
		return ovl_lookup_self(fs, inode, node);
	if (strcmp(name, "..") == 0)
		return ovl_lookup_parent(fs, inode, node);
	return ovl_lookup(fs, inode, name, node);
}

void ovl_op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *dir = ovl_resolve(req, parent);
	struct ovl_node node = {0}; /* nodeid 0: the kernel remembers that there is no such name */

	if (!dir)
		return;
	int r = lookup(fs, dir, name, &node);
	ovl_inode_unref(fs, dir);
	if (r == 1 && !S_ISDIR(node.st.st_mode))
		ovl_habits_note_lookup(&ovl_session_of(req)->habits, parent);
	ovl_reply_node(req, r, &node);
}

static void forget(struct ovl_session *session, fuse_ino_t nodeid, uint64_t n)
{
	if (ovl_inode_forget(session->fs, nodeid, n) && session->passthrough)
		ovl_open_modes_forget(&session->passthrough->modes, nodeid);
}

void ovl_op_forget(fuse_req_t req, fuse_ino_t nodeid, uint64_t n)
{
	forget(ovl_session_of(req), nodeid, n);
	fuse_reply_none(req);
}

void ovl_op_forget_multi(fuse_req_t req, size_t count, struct fuse_forget_data *forgets)
{
	for (size_t i = 0; i < count; i++)
		forget(ovl_session_of(req), forgets[i].ino, forgets[i].nlookup);
	fuse_reply_none(req);
}

void ovl_op_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, dev_t device)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_caller caller = ovl_caller_of(req);
	struct ovl_inode *dir = ovl_resolve(req, parent);
	struct ovl_node node;

	if (!dir)
		return;
	int r = ovl_mknod(fs, dir, name, mode, device, &caller, &node);
	ovl_inode_unref(fs, dir);
	ovl_reply_node(req, r, &node);
}

void ovl_op_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_caller caller = ovl_caller_of(req);
	struct ovl_inode *dir = ovl_resolve(req, parent);
	struct ovl_node node;

	if (!dir)
		return;
	int r = ovl_mkdir(fs, dir, name, mode, &caller, &node);
	ovl_inode_unref(fs, dir);
	ovl_reply_node(req, r, &node);
}

void ovl_op_symlink(fuse_req_t req, const char *target, fuse_ino_t parent, const char *name)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_caller caller = ovl_caller_of(req);
	struct ovl_inode *dir = ovl_resolve(req, parent);
	struct ovl_node node;

	if (!dir)
		return;
	int r = ovl_symlink(fs, dir, name, target, &caller, &node);
	ovl_inode_unref(fs, dir);
	ovl_reply_node(req, r, &node);
}

void ovl_op_link(fuse_req_t req, fuse_ino_t nodeid, fuse_ino_t new_parent, const char *new_name)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);
	struct ovl_inode *dir = inode ? ovl_resolve(req, new_parent) : NULL;
	struct ovl_node node;

	if (dir) {
		int r = ovl_link(fs, inode, dir, new_name, &node);
		ovl_reply_node(req, r, &node);
	}
	ovl_inode_unref(fs, dir);
	ovl_inode_unref(fs, inode);
}

void ovl_op_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *dir = ovl_resolve(req, parent);

	if (!dir)
		return;
	int r = ovl_unlink(fs, dir, name);
	ovl_inode_unref(fs, dir);
	ovl_reply(req, r);
}

void ovl_op_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *dir = ovl_resolve(req, parent);

	if (!dir)
		return;
	int r = ovl_rmdir(fs, dir, name);
	ovl_inode_unref(fs, dir);
	ovl_reply(req, r);
}

void ovl_op_rename(fuse_req_t req, fuse_ino_t parent, const char *name, fuse_ino_t new_parent,
	const char *new_name, unsigned flags)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *from = ovl_resolve(req, parent);
	struct ovl_inode *to = from ? ovl_resolve(req, new_parent) : NULL;

	if (to)
		ovl_reply(req, ovl_rename(fs, from, name, to, new_name, flags));
	ovl_inode_unref(fs, to);
	ovl_inode_unref(fs, from);
}
