/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long a verb will take, told beforehand: short are looking at an object, changing one of the
 * upper, and names in a directory whose index is there or will be small. Whoever serves a request
 * where it may have to wait long for a processor (fuse/companion.h) asks first.
 */
#include <dirent.h>

#include "fs.h"
#include "overlay/verbs.h"

#define FEW_DIRS  8     /* real directories that may be read for the first time */
#define SMALL_DIR 65536 /* bytes: st_size, which grows with the names on nearly every system */

static bool is_small(struct ovl_fs *fs, struct ovl_realdir *realdir)
{
	const struct ovl_real real = {realdir, "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	struct stat st;
	return ovl_real_hold(&fs->dirs, &real, &hold) == 0 && sys_stat(hold.at, &st) == 0 &&
	       st.st_size <= SMALL_DIR;
}

/* dir's lock is held. */
static bool is_quickly_read(struct ovl_fs *fs, struct ovl_dir *dir)
{
	struct ovl_realdir *upper = ovl_dir_upper(dir);

	if (dir->index)
		return true;
	if (dir->n_lowers > FEW_DIRS || (upper && !is_small(fs, upper)))
		return false;
	for (unsigned i = 0; i < dir->n_lowers; i++)
		if (!is_small(fs, dir->lowers[i]))
			return false;
	return true;
}

static bool dir_is_quick(struct ovl_fs *fs, struct ovl_dir *dir, unsigned wants)
{
	if ((wants & OVL_WANTS_CHANGE) && !ovl_dir_upper(dir))
		return false;
	if (!(wants & OVL_WANTS_NAMES))
		return true;
	if (pthread_rwlock_tryrdlock(&dir->lock) != 0)
		return false;
	bool is_quick = is_quickly_read(fs, dir);
	pthread_rwlock_unlock(&dir->lock);
	return is_quick;
}

bool ovl_is_quick(struct ovl_fs *fs, struct ovl_inode *inode, unsigned wants)
{
	if (ovl_inode_is_dir(inode))
		return dir_is_quick(fs, ovl_dir_of(inode), wants);
	if (!ovl_inode_trylock(fs, inode))
		return false;
	bool is_quick = !(inode->flags & OVL_INODE_COPYING);
	if (wants & OVL_WANTS_CHANGE)
		is_quick = is_quick && ovl_inode_is_upper(inode) && !ovl_inode_metacopy(inode);
	ovl_inode_unlock(fs, inode);
	return is_quick;
}

/* Nothing is copied for a name that goes, but what the link index will have. */
static bool is_quickly_taken(const struct ovl_fs *fs, const struct ovl_entry *entry, bool keep)
{
	if (!ovl_entry_is_positive(entry))
		return true;
	if (!keep && (!fs->link_index || entry->type == DT_DIR))
		return true;
	return entry->layer == OVL_UPPER && entry->type != DT_DIR;
}

bool ovl_is_quick_to_take(struct ovl_fs *fs, struct ovl_inode *inode, const char *name, bool keep)
{
	struct ovl_dir *dir = ovl_dir_of(inode);

	if (!ovl_inode_is_dir(inode) || !ovl_dir_upper(dir) ||
		pthread_rwlock_tryrdlock(&dir->lock) != 0)
		return false;
	bool is_quick = dir->index && is_quickly_taken(fs, ovl_index_get(dir->index, name), keep);
	pthread_rwlock_unlock(&dir->lock);
	return is_quick;
}
