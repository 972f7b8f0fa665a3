/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attributes of files: getattr, setattr, readlink, statfs.
 *
 * The order in setattr: owner first, for chown(2) takes set-id bits and capabilities away; then the
 * mode that was asked for; size; times last, for all the others change them.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>

#include "attributes.h"
#include "copy_up.h"
#include "fs.h"
#include "ids.h"
#include "lookup.h"
#include "overlay/verbs.h"
#include "override_stat.h"
#include "protection.h"
#include "sys/data.h"

/* stat of the real object as users see it. inode's lock is held (not for a directory). */
static int stat_inode(struct ovl_fs *fs, struct ovl_inode *inode, struct stat *ret_stat)
{
	struct ovl_real real = ovl_inode_real(inode);
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	struct stat st;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);

	if (r == 0)
		r = ovl_stored_stat(fs, hold.at, &st);
	if (r < 0)
		return r == -ENOENT ? -ESTALE : r;
	ovl_show_attributes(fs, inode, &st);
	*ret_stat = st;
	return 0;
}

/* Without its lock, unless its mode may be another one for the moment. */
static int stat_directory(struct ovl_fs *fs, struct ovl_dir *dir, struct stat *ret_stat)
{
	int r = stat_inode(fs, &dir->inode, ret_stat);
	if (!ovl_inode_was_lent(fs, &dir->inode))
		return r;
	pthread_rwlock_rdlock(&dir->lock);
	r = stat_inode(fs, &dir->inode, ret_stat);
	pthread_rwlock_unlock(&dir->lock);
	return r;
}

int ovl_getattr(struct ovl_fs *fs, struct ovl_inode *inode, struct stat *ret_stat)
{
	if (ovl_inode_is_dir(inode))
		return stat_directory(fs, ovl_dir_of(inode), ret_stat);
	ovl_inode_lock(fs, inode);
	int r = stat_inode(fs, inode, ret_stat);
	ovl_inode_unlock(fs, inode);
	return r;
}

mode_t ovl_without_set_id(mode_t mode)
{
	mode &= (mode_t)~S_ISUID;
	if (mode & S_IXGRP)
		mode &= (mode_t)~S_ISGID;
	return mode;
}

int ovl_kill_set_id(const struct ovl_fs *fs, struct sys_at at, bool *ret_changed)
{
	struct stat st;
	int r = ovl_stored_stat(fs, at, &st);
	if (r < 0 || ovl_without_set_id(st.st_mode) == st.st_mode)
		return r;
	r = ovl_stored_chmod(fs, at, ovl_without_set_id(st.st_mode) & 07777);
	if (r == 0 && ret_changed)
		*ret_changed = true;
	return r;
}

static int change_size(struct ovl_fs *fs, struct ovl_inode *inode, off_t size)
{
	struct ovl_file *file;
	int r = ovl_file_get(fs, inode, true, &file);
	if (r < 0)
		return r;
	r = sys_ftruncate(file->fd, size);
	ovl_file_put(fs, file);
	return r;
}

static struct timespec chosen_time(bool set, struct timespec time)
{
	return set ? time : (struct timespec){0, UTIME_OMIT};
}

static int change_mode(const struct ovl_fs *fs, struct sys_at at, mode_t mode)
{
	struct stat st;
	if (!ovl_ids_are_squashed(fs))
		return ovl_stored_chmod(fs, at, mode);
	int r = ovl_stored_stat(fs, at, &st);
	return r == 0 ? ovl_stored_chmod(fs, at, ovl_ids_store_mode(fs, &st, mode)) : r;
}

/* All but the size; owners as they are stored. inode's lock is held (not for a directory). */
static int change_metadata(
	struct ovl_fs *fs, struct ovl_inode *inode, const struct ovl_change *change)
{
	struct ovl_real real = ovl_inode_real(inode);
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);

	if (r == 0 && (change->set & (OVL_SET_UID | OVL_SET_GID)))
		r = ovl_stored_chown(fs, hold.at, change->uid, change->gid);
	if (r == 0 && (change->set & OVL_SET_MODE))
		r = change_mode(fs, hold.at, change->mode & 07777);
	else if (r == 0 && (change->set & OVL_KILL_SUIDGID))
		r = ovl_kill_set_id(fs, hold.at, NULL);
	if (r == 0 && (change->set & (OVL_SET_ATIME | OVL_SET_MTIME))) {
		struct timespec times[2] = {
			chosen_time(change->set & OVL_SET_ATIME, change->atime),
			chosen_time(change->set & OVL_SET_MTIME, change->mtime),
		};
		r = sys_utimens(hold.at, times);
	}
	return r;
}

static int change_directory(
	struct ovl_fs *fs, struct ovl_dir *dir, const struct ovl_change *change, struct stat *st)
{
	pthread_rwlock_wrlock(&dir->lock);
	dir->knows_times = false;
	int r = change_metadata(fs, &dir->inode, change);
	ovl_dir_changed(&dir->inode);
	if (r == 0)
		r = stat_inode(fs, &dir->inode, st);
	if (r == 0)
		__atomic_store_n(&dir->setgid, (st->st_mode & S_ISGID) != 0, __ATOMIC_RELAXED);
	pthread_rwlock_unlock(&dir->lock);
	return r;
}

/* The same change, with owners as they are stored; -1 for one that is not to be set. */
static int store_owner(
	const struct ovl_fs *fs, const struct ovl_change *change, struct ovl_change *ret_stored)
{
	*ret_stored = *change;
	if (!(change->set & OVL_SET_UID))
		ret_stored->uid = (uid_t)-1;
	if (!(change->set & OVL_SET_GID))
		ret_stored->gid = (gid_t)-1;
	return ovl_ids_store(fs, &ret_stored->uid, &ret_stored->gid);
}

/* With the writeback cache the kernel gives times back whenever it has changed one, ctime of a file
 * whose name was removed among them. That is no reason to copy the file up. */
static bool is_known(struct ovl_fs *fs, struct ovl_inode *inode, const struct ovl_change *change,
	struct stat *ret_stat)
{
	if (!(change->set & OVL_KEPT_TIMES) || ovl_inode_is_dir(inode))
		return false;
	ovl_inode_lock(fs, inode);
	bool known = !ovl_inode_is_upper(inode) && stat_inode(fs, inode, ret_stat) == 0 &&
		     ret_stat->st_mtim.tv_sec == change->mtime.tv_sec &&
		     ret_stat->st_mtim.tv_nsec == change->mtime.tv_nsec;
	ovl_inode_unlock(fs, inode);
	return known;
}

/* Does the change say no more than touch(1) does without a time? */
static bool is_touch(const struct ovl_change *change)
{
	return (change->set & (OVL_SET_ATIME | OVL_SET_MTIME)) == change->set &&
	       change->atime.tv_nsec == UTIME_NOW && change->mtime.tv_nsec == UTIME_NOW;
}

int ovl_setattr(struct ovl_fs *fs, struct ovl_inode *inode, const struct ovl_change *change,
	struct stat *ret_stat)
{
	struct ovl_change stored;
	bool resize = change->set & OVL_SET_SIZE;
	if (is_known(fs, inode, change, ret_stat))
		return 0;
	/* As the kernel's may_setattr(). */
	int r = ovl_protection_check(fs, inode, is_touch(change) ? OVL_IMMUTABLE : OVL_PROTECTED);
	if (r == 0)
		r = store_owner(fs, change, &stored);
	if (r == 0)
		r = ovl_copy_up(fs, inode, resize ? change->size : OVL_COPY_METADATA);
	if (r < 0)
		return r;
	if (ovl_inode_is_dir(inode))
		return resize ? -EISDIR
			      : change_directory(fs, ovl_dir_of(inode), &stored, ret_stat);
	if (resize && r != OVL_COPIED_CUT)
		r = change_size(fs, inode, change->size);
	if (r < 0)
		return r;
	ovl_inode_lock(fs, inode);
	ovl_inode_wait_copied(fs, inode); /* a metacopy that gets its data keeps its metadata */
	r = change_metadata(fs, inode, &stored);
	if (r == 0)
		r = stat_inode(fs, inode, ret_stat);
	ovl_inode_unlock(fs, inode);
	return r;
}

ssize_t ovl_readlink(struct ovl_fs *fs, struct ovl_inode *inode, char *buffer, size_t size)
{
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;

	if (inode->type != DT_LNK)
		return -EINVAL;
	ovl_inode_lock(fs, inode);
	struct ovl_real real = ovl_inode_real(inode);
	ssize_t r = ovl_real_hold(&fs->dirs, &real, &hold);
	if (r == 0)
		r = sys_readlink(hold.at, buffer, size);
	ovl_inode_unlock(fs, inode);
	return r;
}

int ovl_statfs(struct ovl_fs *fs, struct statvfs *ret_stat)
{
	struct ovl_real real = {ovl_dir_top(fs->root), "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);

	if (r == 0)
		r = sys_statvfs(hold.at.dirfd, ret_stat);
	if (r == 0)
		ret_stat->f_namemax = NAME_MAX;
	return r;
}
