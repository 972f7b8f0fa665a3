/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests that are quickly worked on, told by their messages: what each kind wants, and of what.
 */
#include "quick.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "overlay/verbs.h"

#define LITTLE_DATA 65536     /* bytes to read or write */
#define SMALL_FILE  (1 << 20) /* bytes that may be thrown away */

/* What follows the header, if there are so many bytes, or NULL. */
static const void *body_of(const struct fuse_in_header *message, size_t size)
{
	return message->len >= sizeof(*message) + size ? message + 1 : NULL;
}

/* The name that follows the first bytes of the body, or NULL. */
static const char *name_of(const struct fuse_in_header *message, size_t before)
{
	const char *body = body_of(message, before + 1);
	size_t room = message->len - sizeof(*message) - before;
	return body && memchr(body + before, '\0', room) ? body + before : NULL;
}

static bool wants(struct ovl_fs *fs, uint64_t nodeid, unsigned what)
{
	struct ovl_inode *inode = ovl_inode_get(fs, nodeid);
	bool is_quick = !inode || ovl_is_quick(fs, inode, what);
	ovl_inode_unref(fs, inode);
	return is_quick;
}

static bool takes(struct ovl_fs *fs, uint64_t nodeid, const char *name, bool keep)
{
	struct ovl_inode *dir = name ? ovl_inode_get(fs, nodeid) : NULL;
	bool is_quick = dir && ovl_is_quick_to_take(fs, dir, name, keep);
	ovl_inode_unref(fs, dir);
	return is_quick;
}

static bool reads_little(struct ovl_fs *fs, const struct fuse_in_header *message)
{
	const struct fuse_read_in *in = body_of(message, sizeof(*in));
	return in && in->size <= LITTLE_DATA && wants(fs, message->nodeid, 0);
}

static bool writes_little(struct ovl_fs *fs, const struct fuse_in_header *message)
{
	const struct fuse_write_in *in = body_of(message, sizeof(*in));
	return in && in->size <= LITTLE_DATA && wants(fs, message->nodeid, OVL_WANTS_CHANGE);
}

/* To truncate a large file takes long. */
static bool is_small(struct ovl_fs *fs, uint64_t nodeid)
{
	struct ovl_inode *inode = ovl_inode_get(fs, nodeid);
	struct stat st;
	bool small = inode && ovl_getattr(fs, inode, &st) == 0 && st.st_size <= SMALL_FILE;
	ovl_inode_unref(fs, inode);
	return small;
}

static bool sets_quickly(struct ovl_fs *fs, const struct fuse_in_header *message)
{
	const struct fuse_setattr_in *in = body_of(message, sizeof(*in));
	return in && wants(fs, message->nodeid, OVL_WANTS_CHANGE) &&
	       (!(in->valid & FATTR_SIZE) || is_small(fs, message->nodeid));
}

static bool links_quickly(struct ovl_fs *fs, const struct fuse_in_header *message)
{
	const struct fuse_link_in *in = body_of(message, sizeof(*in));
	return in && wants(fs, in->oldnodeid, OVL_WANTS_CHANGE) &&
	       wants(fs, message->nodeid, OVL_WANTS_NAMES | OVL_WANTS_CHANGE);
}

/* size: of what stands before the names, and begins alike in both kinds. */
static bool renames_quickly(
	struct ovl_fs *fs, const struct fuse_in_header *message, size_t size, bool exchange)
{
	const struct fuse_rename_in *in = body_of(message, size);
	const char *from = in ? name_of(message, size) : NULL;
	const char *to = from ? name_of(message, size + strlen(from) + 1) : NULL;
	return takes(fs, message->nodeid, from, true) && takes(fs, in->newdir, to, exchange);
}

static bool exchanges(const struct fuse_in_header *message)
{
	const struct fuse_rename2_in *in = body_of(message, sizeof(*in));
	return in && (in->flags & RENAME_EXCHANGE);
}

bool ovl_request_is_quick(struct ovl_fs *fs, const struct fuse_in_header *message)
{
	switch (message->opcode) {
	case FUSE_LOOKUP:
	case FUSE_READDIR:
	case FUSE_READDIRPLUS:
		return wants(fs, message->nodeid, OVL_WANTS_NAMES);
	case FUSE_GETATTR:
	case FUSE_GETXATTR:
	case FUSE_LISTXATTR:
	case FUSE_LSEEK:
	case FUSE_READLINK:
		return wants(fs, message->nodeid, 0);
	case FUSE_READ:
		return reads_little(fs, message);
	case FUSE_WRITE:
		return writes_little(fs, message);
	case FUSE_SETATTR:
		return sets_quickly(fs, message);
	case FUSE_SETXATTR:
	case FUSE_REMOVEXATTR:
		return wants(fs, message->nodeid, OVL_WANTS_CHANGE);
	case FUSE_MKNOD:
	case FUSE_MKDIR:
	case FUSE_SYMLINK:
		return wants(fs, message->nodeid, OVL_WANTS_NAMES | OVL_WANTS_CHANGE);
	case FUSE_LINK:
		return links_quickly(fs, message);
	case FUSE_UNLINK:
	case FUSE_RMDIR:
		return takes(fs, message->nodeid, name_of(message, 0), false);
	case FUSE_RENAME:
		return renames_quickly(fs, message, sizeof(struct fuse_rename_in), false);
	case FUSE_RENAME2:
		return renames_quickly(
			fs, message, sizeof(struct fuse_rename2_in), exchanges(message));
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
	case FUSE_STATFS:
	case FUSE_OPEN: /* these four only ever get ENOSYS */
	case FUSE_OPENDIR:
	case FUSE_CREATE:
	case FUSE_FLUSH:
		return true;
	default:
		return false;
	}
}
