/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listing a directory out of its index. The offset of an entry is its cookie, so there is nothing
 * to remember between two calls, and nothing is skipped or repeated when names come and go.
 */
#include <dirent.h>
#include <errno.h>

#include "lookup.h"
#include "overlay/verbs.h"
#include "scan.h"

enum { OFFSET_DOT = 1, OFFSET_DOT_DOT = OVL_INDEX_START };

static uint64_t parent_ino(struct ovl_fs *fs, const struct ovl_dir *dir)
{
	pthread_mutex_lock(&fs->inodes.lock);
	const struct ovl_inode *parent = dir->inode.parent ? dir->inode.parent : &dir->inode;
	uint64_t ino = parent->ino;
	pthread_mutex_unlock(&fs->inodes.lock);
	return ino;
}

/* "." and ".."; returns whether there was room for those that are to be listed. */
static bool list_dots(struct ovl_fs *fs, const struct ovl_dir *dir, uint64_t offset,
	const struct ovl_lister *lister)
{
	struct ovl_dirent dot = {".", dir->inode.ino, DT_DIR, OFFSET_DOT, NULL};
	struct ovl_dirent dot_dot = {"..", parent_ino(fs, dir), DT_DIR, OFFSET_DOT_DOT, NULL};

	if (offset < OFFSET_DOT) {
		if (!lister->has_room(lister->data, 1))
			return false;
		lister->add(lister->data, &dot);
	}
	if (offset < OFFSET_DOT_DOT) {
		if (!lister->has_room(lister->data, 2))
			return false;
		lister->add(lister->data, &dot_dot);
	}
	return true;
}

/* The file itself, for READDIRPLUS. Returns false where it cannot be had: the name alone is listed,
 * and whoever looks it up is told why. */
static bool get_node(
	struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry, struct ovl_node *node)
{
	struct ovl_inode *inode;
	struct stat st;
	if (ovl_entry_inode(fs, dir, entry, &inode, &st) < 0)
		return false;
	ovl_node_set(fs, node, inode, &st);
	ovl_inode_unref(fs, inode);
	return true;
}

static bool wants_node(const struct ovl_lister *lister, const struct ovl_entry *entry)
{
	return !lister->wants_node || lister->wants_node(lister->data, entry->type);
}

static void list_index(struct ovl_fs *fs, struct ovl_dir *dir, uint64_t offset, bool plus,
	const struct ovl_lister *lister)
{
	struct ovl_entry *entry;

	if (offset < OVL_INDEX_START)
		offset = OVL_INDEX_START;
	while ((entry = ovl_index_next(dir->index, &offset))) {
		struct ovl_node node;
		if (!lister->has_room(lister->data, entry->length))
			return;
		bool has_node =
			plus && wants_node(lister, entry) && get_node(fs, dir, entry, &node);
		struct ovl_dirent dirent = {
			entry->name, entry->st_ino, entry->type, offset, has_node ? &node : NULL};
		lister->add(lister->data, &dirent);
	}
}

int ovl_readdir(struct ovl_fs *fs, struct ovl_inode *inode, uint64_t offset, bool plus,
	const struct ovl_lister *lister)
{
	if (!ovl_inode_is_dir(inode))
		return -ENOTDIR;
	struct ovl_dir *dir = ovl_dir_of(inode);
	int r = ovl_dir_lock_read(fs, dir);
	if (r < 0)
		return r;
	if (list_dots(fs, dir, offset, lister) && !dir->removed)
		list_index(fs, dir, offset, plus, lister);
	pthread_rwlock_unlock(&dir->lock);
	return 0;
}
