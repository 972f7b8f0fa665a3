/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Removing: nothing is copied up for it but directories. What a lower layer has of the name is
 * hidden by a whiteout, put there in the same step that takes the upper's object away, so that no
 * crash can bring the lower one back.
 */
#include "remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "copy_up.h"
#include "link_index.h"
#include "link_up.h"
#include "lookup.h"
#include "overlay/verbs.h"
#include "protection.h"
#include "scan.h"
#include "whiteout.h"

int ovl_victim_find(struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry,
	struct ovl_victim *ret_victim)
{
	struct stat st;

	/* A file of the link index loses its place with its last name, also if nobody knows it. */
	return fs->link_index ? ovl_entry_inode(fs, dir, entry, &ret_victim->inode, &st)
			      : ovl_entry_live_inode(fs, dir, entry, &ret_victim->inode);
}

int ovl_victim_check(struct ovl_fs *fs, const struct ovl_dir *dir, const struct ovl_entry *entry,
	const struct ovl_victim *victim)
{
	struct ovl_real real = {ovl_dir_real(dir, entry->layer), entry->name, -1};
	return victim->inode ? ovl_protection_check(fs, victim->inode, OVL_PROTECTED)
			     : ovl_protection_check_real(fs, &real, OVL_PROTECTED);
}

/* The same for a file of the link index: whichever name it loses, it is reached there, until it is
 * the last one. */
static int hold_indexed(struct ovl_fs *fs, struct ovl_victim *victim)
{
	int r = ovl_links_mark_locked(fs, victim->inode);
	if (r == 0)
		r = ovl_links_is_last_locked(fs, victim->inode);
	if (r == 1)
		r = victim->anchor =
			sys_open(sys_at(fs->link_index_fd, victim->inode->entry->name), O_PATH);
	return r < 0 ? r : 0;
}

int ovl_victim_hold(struct ovl_fs *fs, const struct ovl_dir *dir, const struct ovl_entry *entry,
	struct ovl_victim *victim)
{
	if (victim->inode && (victim->inode->flags & OVL_INODE_INDEXED))
		return hold_indexed(fs, victim);
	/* Another name leads to it, or it stays where it is: in a lower layer. */
	if (!victim->inode || victim->inode->entry != entry || entry->layer != OVL_UPPER)
		return 0;
	struct ovl_real real = {ovl_dir_upper(dir), entry->name, -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);
	if (r == 0)
		r = sys_open(hold.at, O_PATH);
	if (r < 0)
		return r;
	victim->anchor = r;
	return 0;
}

void ovl_victim_gone(struct ovl_fs *fs, const struct ovl_entry *entry, struct ovl_victim *victim)
{
	if (victim->inode && (victim->inode->flags & OVL_INODE_INDEXED)) {
		if (victim->anchor >= 0)
			ovl_link_index_drop_locked(fs, victim->inode, steal_fd(&victim->anchor));
	} else if (victim->inode && victim->inode->entry == entry)
		ovl_inode_set_unlinked(fs, victim->inode, steal_fd(&victim->anchor));
}

void ovl_victim_clear(struct ovl_fs *fs, struct ovl_victim *victim)
{
	cleanup_close(&victim->anchor);
	ovl_inode_unref(fs, victim->inode);
	*victim = OVL_VICTIM_NONE;
}

struct ovl_entry *ovl_whiteout_entry_new(const struct ovl_fs *fs, const struct ovl_entry *entry)
{
	struct ovl_entry *whiteout = ovl_entry_new(entry->name, DT_WHT, OVL_UPPER);
	if (!whiteout)
		return NULL;
	whiteout->decided = entry->decided;
	whiteout->flags = OVL_ENTRY_LOWER | ovl_whiteout_entry_flags(fs);
	return whiteout;
}

void ovl_index_drop_file(struct ovl_dir *dir, struct ovl_entry *entry, struct ovl_entry *whiteout)
{
	if (whiteout)
		ovl_index_replace(dir->index, entry, whiteout);
	else if (entry->flags & (OVL_ENTRY_LOWER | OVL_ENTRY_AUFS_WH))
		ovl_index_set_type(dir->index, entry, DT_WHT); /* .wh.NAME stands there already */
	else
		ovl_index_remove(dir->index, entry);
}

/* Takes a file's object from the disk. upper names it, or its place, in the upper. */
static int remove_file_on_disk(
	struct ovl_fs *fs, const struct ovl_entry *entry, struct sys_at upper)
{
	char temp[OVL_TEMP_NAME_SIZE];

	if (entry->layer != OVL_UPPER)
		return ovl_whiteout_make(fs, upper);
	if (!ovl_entry_needs_whiteout(entry))
		return sys_unlink(upper);
	ovl_temp_name(fs, temp);
	int r = ovl_whiteout_move_aside(fs, upper, temp);
	if (r == 0)
		ovl_work_remove(fs, temp, false);
	return r;
}

/* dir's lock is held for writing. */
static int unlink_entry(
	struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry, struct ovl_victim *victim)
{
	struct ovl_real real = {ovl_dir_upper(dir), entry->name, -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	bool needs_whiteout = ovl_entry_needs_whiteout(entry);
	struct ovl_entry *whiteout = needs_whiteout ? ovl_whiteout_entry_new(fs, entry) : NULL;

	if (needs_whiteout && !whiteout)
		return -ENOMEM;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);
	if (r == 0)
		r = ovl_victim_hold(fs, dir, entry, victim);
	if (r == 0)
		r = remove_file_on_disk(fs, entry, hold.at);
	if (r < 0) {
		ovl_entry_unref(whiteout);
		return r;
	}
	ovl_victim_gone(fs, entry, victim);
	ovl_index_drop_file(dir, entry, whiteout);
	return 0;
}

/* The positive entry of a name; NULL where users see none. */
static struct ovl_entry *get_file(const struct ovl_dir *dir, const char *name)
{
	struct ovl_entry *entry = ovl_index_get(dir->index, name);
	return ovl_entry_is_positive(entry) ? entry : NULL;
}

int ovl_unlink(struct ovl_fs *fs, struct ovl_inode *parent, const char *name)
{
	struct ovl_victim victim = OVL_VICTIM_NONE;

	if (!ovl_inode_is_dir(parent))
		return -ENOTDIR;
	struct ovl_dir *dir = ovl_dir_of(parent);
	int r = ovl_protection_check(fs, parent, OVL_PROTECTED);
	if (r == 0)
		r = ovl_copy_up_dir(fs, dir);
	if (r == 0)
		r = ovl_copy_up_name(fs, dir, name);
	if (r == 0)
		r = ovl_dir_lock_write(fs, dir);
	if (r < 0)
		return r;
	struct ovl_entry *entry = get_file(dir, name);
	if (!entry) {
		r = -ENOENT;
	} else if (entry->type == DT_DIR) {
		r = -EISDIR;
	} else {
		r = ovl_victim_find(fs, dir, entry, &victim);
		if (r == 0)
			r = ovl_victim_check(fs, dir, entry, &victim);
		ovl_inode_lock_pair(fs, victim.inode, NULL);
		if (r == 0)
			r = unlink_entry(fs, dir, entry, &victim);
		ovl_inode_unlock_pair(fs, victim.inode, NULL);
	}
	pthread_rwlock_unlock(&dir->lock);
	ovl_victim_clear(fs, &victim);
	return r;
}

int ovl_lock_empty_dir(struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry,
	struct ovl_dir **ret_victim)
{
	struct ovl_inode *inode;
	struct stat st;
	int r = ovl_entry_inode(fs, dir, entry, &inode, &st);
	if (r < 0)
		return r;
	struct ovl_dir *victim = ovl_dir_of(inode);
	r = ovl_protection_check(fs, inode, OVL_PROTECTED);
	if (r == 0)
		r = ovl_dir_lock_write(fs, victim);
	if (r == -EDEADLK) /* what moves comes out of it; no kernel asks for that */
		r = -ENOTEMPTY;
	if (r == 0 && victim->index->n_positive > 0) {
		pthread_rwlock_unlock(&victim->lock);
		r = -ENOTEMPTY;
	}
	if (r < 0)
		ovl_inode_unref(fs, inode);
	else
		*ret_victim = victim;
	return r;
}

void ovl_dir_removed(struct ovl_fs *fs, struct ovl_dir *victim)
{
	(void)fs;
	victim->removed = true;
	victim->inode.flags |= OVL_INODE_UNLINKED;
}

int ovl_dir_keep(struct ovl_fs *fs, struct ovl_dir *victim)
{
	struct ovl_realdir *upper = ovl_dir_upper(victim);
	if (!upper)
		return 0;
	int r = ovl_realdir_hold(&fs->dirs, upper);
	if (r < 0)
		return r;
	ovl_realdir_keep_open(&fs->dirs, upper);
	ovl_realdir_release(&fs->dirs, upper);
	return 0;
}

/* victim's real directory in the upper may hold whiteouts, which nobody needs any more. */
static int remove_dir_on_disk(struct ovl_fs *fs, const struct ovl_entry *entry,
	const struct ovl_dir *victim, struct sys_at upper)
{
	char temp[OVL_TEMP_NAME_SIZE];
	int r;

	if (!ovl_dir_upper(victim))
		return ovl_whiteout_make(fs, upper);
	bool needs_whiteout = ovl_entry_needs_whiteout(entry);
	if (!needs_whiteout && victim->index->n_entries == 0) {
		r = sys_rmdir(upper);
		if (r != -ENOTEMPTY && r != -EEXIST) /* bookkeeping of others may be in it */
			return r;
	}
	ovl_temp_name(fs, temp);
	r = needs_whiteout ? ovl_whiteout_move_aside(fs, upper, temp)
			   : sys_rename(upper, sys_at(fs->work_fd, temp), 0);
	if (r == 0)
		ovl_work_remove(fs, temp, true);
	return r;
}

/* dir's and victim's locks are held for writing. */
static int rmdir_entry(
	struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry, struct ovl_dir *victim)
{
	struct ovl_real real = {ovl_dir_upper(dir), entry->name, -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	bool needs_whiteout = ovl_entry_needs_whiteout(entry);
	struct ovl_entry *whiteout = needs_whiteout ? ovl_whiteout_entry_new(fs, entry) : NULL;

	if (needs_whiteout && !whiteout)
		return -ENOMEM;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);
	if (r == 0)
		r = ovl_dir_keep(fs, victim);
	if (r == 0)
		r = remove_dir_on_disk(fs, entry, victim, hold.at);
	if (r < 0) {
		ovl_entry_unref(whiteout);
		return r;
	}
	ovl_dir_removed(fs, victim);
	ovl_index_drop_file(dir, entry, whiteout);
	return 0;
}

int ovl_rmdir(struct ovl_fs *fs, struct ovl_inode *parent, const char *name)
{
	struct ovl_dir *victim = NULL;

	if (!ovl_inode_is_dir(parent))
		return -ENOTDIR;
	struct ovl_dir *dir = ovl_dir_of(parent);
	int r = ovl_protection_check(fs, parent, OVL_PROTECTED);
	if (r == 0)
		r = ovl_copy_up_dir(fs, dir);
	if (r == 0)
		r = ovl_dir_lock_write(fs, dir);
	if (r < 0)
		return r;
	struct ovl_entry *entry = get_file(dir, name);
	if (!entry)
		r = -ENOENT;
	else if (entry->type != DT_DIR)
		r = -ENOTDIR;
	else
		r = ovl_lock_empty_dir(fs, dir, entry, &victim);
	if (r == 0) {
		r = rmdir_entry(fs, dir, entry, victim);
		pthread_rwlock_unlock(&victim->lock);
	}
	pthread_rwlock_unlock(&dir->lock);
	if (victim)
		ovl_inode_unref(fs, &victim->inode);
	return r;
}
