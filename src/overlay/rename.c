/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Renaming. What is renamed is in the upper first: a file is copied up whole or as a metacopy, of a
 * directory only itself, and a redirect says where its lower parts are. Then one renameat2(2) moves
 * it and, where a lower layer has its old name, leaves a whiteout there in the same step. A
 * directory that comes to a name which a lower layer has is marked opaque before.
 *
 * Both ends are described by a struct ovl_end: what the index says of the name, and the inode.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "copy_up.h"
#include "link_up.h"
#include "lookup.h"
#include "metacopy.h"
#include "origin.h"
#include "overlay/verbs.h"
#include "protection.h"
#include "redirect.h"
#include "rename.h"
#include "scan.h"
#include "whiteout.h"

/* How often others may be faster with the same names before we give up. */
#define MAX_TRIES 100

/* Two names of one file, or one name: rename(2) does nothing. */
#define ALREADY_DONE 1
/* A metacopy whose data would not be found afterwards: again, with the data copied up. */
#define NEEDS_DATA 2

/* -- before the locks: everything that moves is in the upper ----------------------------------- */

/* The file at an end's name, with a ref; NULL with *ret_r = 0 where there is none. */
static struct ovl_inode *find_inode(struct ovl_fs *fs, const struct ovl_end *end, int *ret_r)
{
	struct ovl_inode *inode = NULL;
	struct stat st;

	*ret_r = ovl_dir_lock_read(fs, end->dir);
	if (*ret_r < 0)
		return NULL;
	struct ovl_entry *entry = ovl_index_get(end->dir->index, end->name);
	if (ovl_entry_is_positive(entry))
		*ret_r = ovl_entry_inode(fs, end->dir, entry, &inode, &st);
	pthread_rwlock_unlock(&end->dir->lock);
	return inode;
}

/* A directory that has something in a lower layer needs a redirect to be moved. */
static int prepare_dir(struct ovl_fs *fs, struct ovl_dir *dir)
{
	int r = ovl_dir_lock_read(fs, dir);
	if (r < 0)
		return r;
	if (dir->n_lowers > 0 && !fs->makes_redirects)
		r = -EXDEV;
	pthread_rwlock_unlock(&dir->lock);
	return r == 0 ? ovl_copy_up_dir(fs, dir) : r;
}

/* Finds what is to be moved from an end and copies it up. */
static int prepare_moved(struct ovl_fs *fs, struct ovl_end *end, off_t wanted)
{
	int r;
	end->inode = find_inode(fs, end, &r);
	if (!end->inode)
		return r < 0 ? r : -ENOENT;
	r = ovl_protection_check(fs, end->inode, OVL_PROTECTED);
	if (r < 0)
		return r;
	if (ovl_inode_is_dir(end->inode))
		return prepare_dir(fs, ovl_dir_of(end->inode));
	r = ovl_copy_up(fs, end->inode, wanted);
	return r < 0 ? r : ovl_copy_up_name(fs, end->dir, end->name);
}

/* May names in both directories change? What is at them is looked at later. */
static int check_dirs(const struct ovl_rename *ren)
{
	bool exchange = ren->flags & RENAME_EXCHANGE;
	int r = ovl_protection_check(ren->fs, &ren->from.dir->inode, OVL_PROTECTED);

	return r < 0 ? r
		     : ovl_protection_check(ren->fs, &ren->to.dir->inode,
			       exchange ? OVL_PROTECTED : OVL_IMMUTABLE);
}

static int prepare(struct ovl_rename *ren)
{
	struct ovl_fs *fs = ren->fs;
	int r = check_dirs(ren);
	if (r == 0)
		r = ovl_copy_up_dir(fs, ren->from.dir);
	if (r == 0)
		r = ovl_copy_up_dir(fs, ren->to.dir);
	if (r == 0)
		r = prepare_moved(fs, &ren->from, ren->wanted);
	if (r == 0 && (ren->flags & RENAME_EXCHANGE))
		r = prepare_moved(fs, &ren->to, ren->wanted);
	else if (r == 0)
		r = ovl_copy_up_name(fs, ren->to.dir, ren->to.name);
	return r;
}

/* -- locks ------------------------------------------------------------------------------------- */

/* Is `ancestor` above dir? rename_lock is held, so parents stay. */
static bool is_above(const struct ovl_dir *ancestor, const struct ovl_dir *dir)
{
	const struct ovl_inode *inode = dir->inode.parent;
	while (inode && inode != &ancestor->inode)
		inode = inode->parent;
	return inode != NULL;
}

static int lock_dirs(struct ovl_rename *ren)
{
	struct ovl_dir *first = ren->from.dir, *second = ren->to.dir;

	/* Whoever moves a directory, or locks two, does so alone: places in the tree stay
	 * meanwhile. */
	ren->has_rename_lock = first != second || (ren->flags & RENAME_EXCHANGE) ||
			       ovl_inode_is_dir(ren->from.inode) ||
			       ovl_inode_is_metacopy(ren->from.inode);
	if (ren->has_rename_lock)
		pthread_mutex_lock(&ren->fs->rename_lock);
	if (first != second &&
		(is_above(second, first) || (!is_above(first, second) && second < first))) {
		first = ren->to.dir;
		second = ren->from.dir;
	}
	int r = ovl_dir_lock_write(ren->fs, first);
	if (r == 0 && first != second) {
		r = ovl_dir_lock_write(ren->fs, second);
		if (r < 0)
			pthread_rwlock_unlock(&first->lock);
	}
	if (r < 0 && ren->has_rename_lock)
		pthread_mutex_unlock(&ren->fs->rename_lock);
	return r;
}

static void unlock_dirs(struct ovl_rename *ren)
{
	pthread_rwlock_unlock(&ren->from.dir->lock);
	if (ren->from.dir != ren->to.dir)
		pthread_rwlock_unlock(&ren->to.dir->lock);
	if (ren->has_rename_lock)
		pthread_mutex_unlock(&ren->fs->rename_lock);
}

/* Between prepare() and the locks the name may have come to mean another file. */
static bool is_still(struct ovl_fs *fs, const struct ovl_end *end)
{
	if (!ovl_entry_is_positive(end->entry))
		return false;
	if (end->entry->layer != OVL_UPPER)
		return false;
	if (end->inode->entry == end->entry)
		return true;
	struct ovl_inode *inode = NULL;
	if (ovl_entry_live_inode(fs, end->dir, end->entry, &inode) < 0)
		return false; /* prepare() will tell why */
	ovl_inode_unref(fs, inode);
	return inode == end->inode;
}

static int check_ends(struct ovl_rename *ren)
{
	struct ovl_end *from = &ren->from, *to = &ren->to;

	from->entry = ovl_index_get(from->dir->index, from->name);
	to->entry = ovl_index_get(to->dir->index, to->name);
	if (from->dir->removed || to->dir->removed)
		return -ENOENT;
	if (!is_still(ren->fs, from))
		return -EAGAIN;
	if (from->entry == to->entry)
		return ALREADY_DONE;
	if (ren->flags & RENAME_EXCHANGE)
		return is_still(ren->fs, to) ? 0 : -EAGAIN;
	if (!ovl_entry_is_positive(to->entry))
		return 0;
	if (ren->flags & RENAME_NOREPLACE)
		return -EEXIST;
	if (to->entry->type == DT_DIR)
		return from->entry->type == DT_DIR ? 0 : -EISDIR;
	return from->entry->type == DT_DIR ? -ENOTDIR : 0;
}

/* A directory that moves is locked too; one that is replaced must be empty. */
static int lock_subdirs(struct ovl_rename *ren)
{
	struct ovl_end *from = &ren->from, *to = &ren->to;
	int r = 0;

	if (from->entry->type == DT_DIR) {
		r = ovl_dir_lock_write(ren->fs, ovl_dir_of(from->inode));
		if (r < 0)
			return r;
		from->subdir = ovl_dir_of(from->inode);
	}
	if (!ovl_entry_is_positive(to->entry) || to->entry->type != DT_DIR ||
		from->inode == to->inode)
		return 0;
	if (ren->flags & RENAME_EXCHANGE) {
		r = ovl_dir_lock_write(ren->fs, ovl_dir_of(to->inode));
		if (r == 0)
			to->subdir = ovl_dir_of(to->inode);
		return r;
	}
	r = ovl_lock_empty_dir(ren->fs, to->dir, to->entry, &to->subdir);
	if (r == 0)
		to->inode = &to->subdir->inode;
	return r;
}

static void unlock_subdirs(struct ovl_rename *ren)
{
	if (ren->from.subdir)
		pthread_rwlock_unlock(&ren->from.subdir->lock);
	if (ren->to.subdir)
		pthread_rwlock_unlock(&ren->to.subdir->lock);
	ren->from.subdir = ren->to.subdir = NULL;
}

/* -- on disk ----------------------------------------------------------------------------------- */

/* What is merged with a directory at its new name: what was at the old one (a redirect says so),
 * or, for a directory of the upper alone that comes to a name of a lower layer, nothing. A metacopy
 * keeps its data. */
static int mark_for(struct ovl_fs *fs, const struct ovl_end *moved, const struct ovl_end *place)
{
	struct ovl_real self = {ovl_end_upper(moved), "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;

	if (!moved->subdir) {
		int kept = ovl_metacopy_keep_found(fs, moved->inode, moved->dir != place->dir);
		return kept == -EXDEV ? NEEDS_DATA : kept;
	}
	if (self.dir && moved->subdir->n_lowers > 0)
		return ovl_redirect_make_locked(fs, moved->subdir, moved->dir != place->dir);
	if (!self.dir || !ovl_entry_needs_whiteout(place->entry))
		return 0;
	int r = ovl_real_hold(&fs->dirs, &self, &hold);
	return r < 0 ? r : ovl_opaque_make(fs, hold.at);
}

static int mark_impure_for(
	struct ovl_fs *fs, const struct ovl_end *moved, const struct ovl_end *place)
{
	return ovl_inode_has_origin(fs, moved->inode) ? ovl_mark_impure_locked(fs, place->dir) : 0;
}

static int prepare_on_disk(struct ovl_rename *ren)
{
	struct ovl_fs *fs = ren->fs;
	int r = mark_for(fs, &ren->from, &ren->to);
	if (r == 0)
		r = mark_impure_for(fs, &ren->from, &ren->to);
	if (r != 0)
		return r;
	if (!(ren->flags & RENAME_EXCHANGE))
		return ren->to.subdir ? ovl_dir_keep(fs, ren->to.subdir) : 0;
	r = mark_for(fs, &ren->to, &ren->from);
	return r == 0 ? mark_impure_for(fs, &ren->to, &ren->from) : r;
}

/* -- in memory --------------------------------------------------------------------------------- */

/* What the index will have of place's name once moved's file is there. */
static struct ovl_entry *entry_at(const struct ovl_end *moved, const struct ovl_end *place)
{
	struct ovl_entry *entry = ovl_entry_new(place->name, moved->entry->type, OVL_UPPER);
	if (!entry)
		return NULL;
	entry->st_ino = moved->entry->st_ino;
	entry->flags = OVL_ENTRY_CLOSED | (moved->entry->flags & OVL_ENTRY_ORIGIN);
	if (moved->subdir && moved->subdir->n_lowers > 0)
		entry->flags |= OVL_ENTRY_REDIRECT;
	if (place->entry) {
		entry->decided = place->entry->decided;
		entry->flags |= place->entry->flags & (OVL_ENTRY_LOWER | OVL_ENTRY_AUFS_WH);
	}
	return entry;
}

/* Makes the new entries beforehand: after the rename on disk nothing can fail. */
static int make_entries(struct ovl_rename *ren)
{
	struct ovl_end *from = &ren->from, *to = &ren->to;

	to->renewed = entry_at(from, to);
	if (!to->renewed || ovl_index_reserve(to->dir->index) < 0)
		return -ENOMEM;
	if (ren->flags & RENAME_EXCHANGE)
		from->renewed = entry_at(to, from);
	else if (ovl_entry_needs_whiteout(from->entry))
		from->renewed = ovl_whiteout_entry_new(ren->fs, from->entry);
	else
		return 0;
	return from->renewed ? 0 : -ENOMEM;
}

static void rename_in_memory(struct ovl_rename *ren)
{
	struct ovl_fs *fs = ren->fs;
	struct ovl_end *from = &ren->from, *to = &ren->to;

	ovl_inode_set_name(fs, from->inode, &to->dir->inode, to->renewed);
	if (ren->flags & RENAME_EXCHANGE) {
		ovl_inode_set_name(fs, to->inode, &from->dir->inode, from->renewed);
		ovl_index_replace(from->dir->index, from->entry, steal_pointer(&from->renewed));
	} else {
		ovl_victim_gone(fs, to->entry, &ren->victim);
		if (to->subdir)
			ovl_dir_removed(fs, to->subdir);
		ovl_index_drop_file(from->dir, from->entry, steal_pointer(&from->renewed));
	}
	if (to->entry)
		ovl_index_replace(to->dir->index, to->entry, steal_pointer(&to->renewed));
	else
		ovl_index_add(to->dir->index, steal_pointer(&to->renewed));
}

/* -- the whole --------------------------------------------------------------------------------- */

/* All locks but those of files are held. */
static int rename_locked(struct ovl_rename *ren)
{
	struct ovl_fs *fs = ren->fs;
	bool replaces_file = ovl_entry_is_positive(ren->to.entry) && ren->to.entry->type != DT_DIR;

	int r = replaces_file ? ovl_victim_find(fs, ren->to.dir, ren->to.entry, &ren->victim) : 0;
	if (r == 0 && replaces_file && ren->victim.inode == ren->from.inode)
		return ALREADY_DONE;
	if (r == 0 && ovl_entry_is_positive(ren->to.entry))
		r = ovl_protection_check(fs, &ren->to.dir->inode, OVL_PROTECTED);
	if (r == 0 && replaces_file)
		r = ovl_victim_check(fs, ren->to.dir, ren->to.entry, &ren->victim);
	if (r == 0)
		r = make_entries(ren);
	if (r == 0)
		r = prepare_on_disk(ren);
	if (r != 0)
		return r;
	ovl_inode_lock_pair(fs, ren->from.inode, ren->victim.inode);
	if (replaces_file && !(ren->flags & RENAME_EXCHANGE))
		r = ovl_victim_hold(fs, ren->to.dir, ren->to.entry, &ren->victim);
	if (r == 0)
		r = ovl_rename_move(ren);
	if (r == 0)
		rename_in_memory(ren);
	ovl_inode_unlock_pair(fs, ren->from.inode, ren->victim.inode);
	return r;
}

static int rename_once(struct ovl_rename *ren)
{
	int r = prepare(ren);
	if (r == 0)
		r = lock_dirs(ren);
	if (r < 0)
		return r;
	r = check_ends(ren);
	if (r == 0)
		r = lock_subdirs(ren);
	if (r == 0)
		r = rename_locked(ren);
	unlock_subdirs(ren);
	unlock_dirs(ren);
	return r == ALREADY_DONE ? 0 : r;
}

static void rename_clear(struct ovl_rename *ren)
{
	ovl_victim_clear(ren->fs, &ren->victim);
	ovl_inode_unref(ren->fs, ren->from.inode);
	ovl_inode_unref(ren->fs, ren->to.inode);
	ovl_entry_unref(ren->from.renewed);
	ovl_entry_unref(ren->to.renewed);
}

int ovl_rename(struct ovl_fs *fs, struct ovl_inode *from_dir, const char *from,
	struct ovl_inode *to_dir, const char *to, unsigned flags)
{
	off_t wanted = OVL_COPY_METADATA;
	int r = -EAGAIN;

	if (flags & ~(unsigned)(RENAME_NOREPLACE | RENAME_EXCHANGE) ||
		flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	if (!ovl_inode_is_dir(from_dir) || !ovl_inode_is_dir(to_dir))
		return -ENOTDIR;
	if (strlen(to) > NAME_MAX)
		return -ENAMETOOLONG;
	if (ovl_name_kind(to) != OVL_NAME_PLAIN)
		return -EPERM;
	for (unsigned tries = 0; r == -EAGAIN && tries < MAX_TRIES; tries++) {
		struct ovl_rename ren = {
			.fs = fs,
			.flags = flags,
			.wanted = wanted,
			.from = {.dir = ovl_dir_of(from_dir), .name = from},
			.to = {.dir = ovl_dir_of(to_dir), .name = to},
			.victim = OVL_VICTIM_NONE,
		};
		r = rename_once(&ren);
		rename_clear(&ren);
		if (r == NEEDS_DATA) {
			wanted = OVL_COPY_ALL;
			r = -EAGAIN;
		}
	}
	return r == -EAGAIN ? -EBUSY : r;
}
