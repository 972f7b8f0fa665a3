/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Listing directories: an entry goes into the reply's buffer as long as there is room. */
#include <dirent.h>
#include <errno.h>
#include <linux/fuse.h>
#include <stddef.h>
#include <string.h>

#include "session.h"

struct reply {
	fuse_req_t req;
	char *buffer;
	size_t size, used;
	bool plus;
	double timeout;
	struct ovl_listing listing;
};

static bool has_room(void *data, size_t name_length)
{
	const struct reply *reply = data;
	size_t header = reply->plus ? FUSE_NAME_OFFSET_DIRENTPLUS : FUSE_NAME_OFFSET;
	return reply->used + FUSE_DIRENT_ALIGN(header + name_length) <= reply->size;
}

static struct stat entry_stat(const struct ovl_dirent *dirent)
{
	return (struct stat){.st_ino = dirent->ino, .st_mode = (mode_t)dirent->type << 12};
}

static void add_plain(void *data, const struct ovl_dirent *dirent)
{
	struct reply *reply = data;
	struct stat st = entry_stat(dirent);
	reply->used += fuse_add_direntry(reply->req, reply->buffer + reply->used,
		reply->size - reply->used, dirent->name, &st, (off_t)dirent->next);
}

/* An entry without a node (nodeid 0) is a plain name to the kernel. */
static void add_plus(void *data, const struct ovl_dirent *dirent)
{
	struct reply *reply = data;
	struct fuse_entry_param entry = {
		.ino = dirent->node ? dirent->node->nodeid : 0,
		.generation = ovl_session_of(reply->req)->generation,
		.attr = dirent->node ? dirent->node->st : entry_stat(dirent),
		.attr_timeout = ovl_attr_timeout(
			ovl_session_of(reply->req), dirent->node ? dirent->node->nodeid : 0),
		.entry_timeout = reply->timeout,
	};
	reply->used += fuse_add_direntry_plus(reply->req, reply->buffer + reply->used,
		reply->size - reply->used, dirent->name, &entry, (off_t)dirent->next);
}

/* Whoever walks a tree enters its directories; what he does with files is his habit. */
static bool wants_node(void *data, uint8_t type)
{
	struct reply *reply = data;
	return type == DT_DIR || ovl_listing_wants(&reply->listing);
}

static void list(fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t offset, bool plus)
{
	struct ovl_fs *fs = ovl_fs_of(req);
	struct ovl_inode *dir = ovl_resolve(req, nodeid);

	if (!dir)
		return;
	struct reply reply = {.req = req,
		.buffer = ovl_thread_buffer(size),
		.size = size,
		.plus = plus,
		.timeout = ovl_session_of(req)->options.timeout};
	struct ovl_lister lister = {has_room, plus ? add_plus : add_plain, &reply, wants_node};
	struct ovl_habits *habits = &ovl_session_of(req)->habits;
	uint32_t pid = (uint32_t)fuse_req_ctx(req)->pid;
	if (plus)
		reply.listing = ovl_habits_begin(habits, pid, nodeid, offset == 0);
	int r = reply.buffer ? ovl_readdir(fs, dir, (uint64_t)offset, plus, &lister) : -ENOMEM;
	ovl_inode_unref(fs, dir);
	if (plus)
		ovl_habits_end(habits, pid, nodeid, &reply.listing);
	if (r < 0)
		ovl_reply(req, r);
	else
		fuse_reply_buf(req, reply.buffer, reply.used);
}

void ovl_op_readdir(
	fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t offset, struct fuse_file_info *fi)
{
	(void)fi;
	list(req, nodeid, size, offset, false);
}

void ovl_op_readdirplus(
	fuse_req_t req, fuse_ino_t nodeid, size_t size, off_t offset, struct fuse_file_info *fi)
{
	(void)fi;
	list(req, nodeid, size, offset, true);
}
