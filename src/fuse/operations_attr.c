/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operations on attributes and extended attributes. */
#include <errno.h>
#include <limits.h>
#include <linux/fuse.h>
#include <sys/stat.h>

#include "passthrough.h"
#include "session.h"

#ifndef FATTR_KILL_SUIDGID
#define FATTR_KILL_SUIDGID (1 << 11)
#endif

void ovl_op_getattr(fuse_req_t req, fuse_ino_t nodeid, struct fuse_file_info *fi)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);
	struct stat st;

	(void)fi;
	if (!inode)
		return;
	int r = ovl_getattr(fs, inode, &st);
	ovl_inode_unref(fs, inode);
	ovl_reply_attributes(req, nodeid, r, &st);
}

/* libfuse keeps this flag from us. */
static bool setattr_kills(void)
{
	const struct fuse_in_header *header = ovl_request();
	if (!header || header->len < sizeof(*header) + sizeof(struct fuse_setattr_in))
		return false;
	return ((const struct fuse_setattr_in *)(header + 1))->valid & FATTR_KILL_SUIDGID;
}

static struct timespec time_or_now(bool now, struct timespec time)
{
	return now ? (struct timespec){0, UTIME_NOW} : time;
}

static struct ovl_change change_of(const struct stat *attr, int to_set)
{
	static const struct {
		int fuse;
		unsigned overlay;
	} flags[] = {
		{FUSE_SET_ATTR_MODE, OVL_SET_MODE},
		{FUSE_SET_ATTR_UID, OVL_SET_UID},
		{FUSE_SET_ATTR_GID, OVL_SET_GID},
		{FUSE_SET_ATTR_SIZE, OVL_SET_SIZE},
		{FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_ATIME_NOW, OVL_SET_ATIME},
		{FUSE_SET_ATTR_MTIME | FUSE_SET_ATTR_MTIME_NOW, OVL_SET_MTIME},
	};
	struct ovl_change change = {
		.mode = attr->st_mode,
		.uid = attr->st_uid,
		.gid = attr->st_gid,
		.size = attr->st_size,
		.atime = time_or_now(to_set & FUSE_SET_ATTR_ATIME_NOW, attr->st_atim),
		.mtime = time_or_now(to_set & FUSE_SET_ATTR_MTIME_NOW, attr->st_mtim),
	};
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (to_set & flags[i].fuse)
			change.set |= flags[i].overlay;
	/* Users who set mtime alone look the same; the overlay bears it. */
	if (change.set == OVL_SET_MTIME && (to_set & FUSE_SET_ATTR_CTIME))
		change.set |= OVL_KEPT_TIMES;
	if (setattr_kills())
		change.set |= OVL_KILL_SUIDGID;
	return change;
}

/* One that sets nothing comes before a write that is passed through, of which we shall not be told:
 * set-id bits are to be taken away. Or a capability has been, which root's writes do, too, who may
 * keep those bits; which of the two it is the kernel does not say. Anybody's chown(2) to nobody
 * sends the same, so it is believed only while somebody may write so. */
static bool announces_write(fuse_req_t req, fuse_ino_t nodeid)
{
	struct ovl_passthrough *passthrough = ovl_session_of(req)->passthrough;
	return passthrough && fuse_req_ctx(req)->uid != 0 &&
	       ovl_open_modes_has_writers(&passthrough->modes, nodeid);
}

void ovl_op_setattr(
	fuse_req_t req, fuse_ino_t nodeid, struct stat *attr, int to_set, struct fuse_file_info *fi)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);
	struct ovl_change change = change_of(attr, to_set);
	struct stat st;

	(void)fi;
	if (!inode)
		return;
	if (to_set == 0 && announces_write(req, nodeid))
		change.set |= OVL_KILL_SUIDGID;
	int r = ovl_setattr(fs, inode, &change, &st);
	ovl_inode_unref(fs, inode);
	ovl_reply_attributes(req, nodeid, r, &st);
}

void ovl_op_readlink(fuse_req_t req, fuse_ino_t nodeid)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);
	char target[PATH_MAX + 1];

	if (!inode)
		return;
	ssize_t r = ovl_readlink(fs, inode, target, sizeof(target) - 1);
	ovl_inode_unref(fs, inode);
	if (r < 0) {
		ovl_reply(req, r);
		return;
	}
	target[r] = '\0';
	fuse_reply_readlink(req, target);
}

void ovl_op_statfs(fuse_req_t req, fuse_ino_t nodeid)
{
	struct statvfs st;

	(void)nodeid;
	int r = ovl_statfs(ovl_fs_of(req), &st);
	if (r < 0)
		ovl_reply(req, r);
	else
		fuse_reply_statfs(req, &st);
}

void ovl_op_setxattr(fuse_req_t req, fuse_ino_t nodeid, const char *name, const char *value,
	size_t size, int flags)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_caller caller = ovl_caller_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);

	if (!inode)
		return;
	int r = ovl_setxattr(fs, inode, name, value, size, flags, &caller);
	ovl_inode_unref(fs, inode);
	ovl_reply(req, r);
}

/* A value of an xattr, or its size alone where that was asked for. */
static void reply_value(fuse_req_t req, size_t asked, ssize_t result, const char *value)
{
	if (result < 0)
		ovl_reply(req, result);
	else if (asked == 0)
		fuse_reply_xattr(req, (size_t)result);
	else
		fuse_reply_buf(req, value, (size_t)result);
}

void ovl_op_getxattr(fuse_req_t req, fuse_ino_t nodeid, const char *name, size_t size)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);

	if (!inode)
		return;
	char *value = ovl_thread_buffer(size);
	ssize_t r = value ? ovl_getxattr(fs, inode, name, value, size) : -ENOMEM;
	ovl_inode_unref(fs, inode);
	reply_value(req, size, r, value);
}

void ovl_op_listxattr(fuse_req_t req, fuse_ino_t nodeid, size_t size)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);

	if (!inode)
		return;
	char *names = ovl_thread_buffer(size);
	bool trusted = fuse_req_ctx(req)->uid == 0;
	ssize_t r = names ? ovl_listxattr(fs, inode, trusted, names, size) : -ENOMEM;
	ovl_inode_unref(fs, inode);
	reply_value(req, size, r, names);
}

void ovl_op_removexattr(fuse_req_t req, fuse_ino_t nodeid, const char *name)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *inode = ovl_resolve(req, nodeid);

	if (!inode)
		return;
	int r = ovl_removexattr(fs, inode, name);
	ovl_inode_unref(fs, inode);
	ovl_reply(req, r);
}
