/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "link_up.h"

#include <dirent.h>

#include "copy_up.h"
#include "link_index.h"
#include "lookup.h"
#include "scan.h"

/* Gives the copy that inode stands for one more name. dir's and inode's locks are held. Kernel:
 * ovl_link_up(). */
static int link_up(
	struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry, struct ovl_inode *inode)
{
	struct ovl_real real = {ovl_dir_real(dir, entry->layer), entry->name, -1};
	_cleanup_hold_ struct ovl_hold lower = OVL_HOLD_NONE;
	struct stat st;
	int r = ovl_real_hold(&fs->dirs, &real, &lower);

	if (r == 0)
		r = sys_stat(lower.at, &st);
	if (r == 0)
		r = ovl_links_mark_lower_locked(fs, inode, st.st_nlink);
	if (r < 0)
		return r;
	r = ovl_link_copy_up(fs, inode->entry->name, dir, entry->name, &st);
	if (r == 0) {
		entry->layer = OVL_UPPER;
		entry->flags |= OVL_ENTRY_ORIGIN;
		inode->entry->more_links--;
	}
	/* Best effort: the mark that counts from the lower's links is as good. */
	ovl_links_mark_locked(fs, inode);
	return r;
}

/* The file at name if it is a lower one that the link index keeps, with a ref; NULL otherwise. */
static struct ovl_inode *find_kept(
	struct ovl_fs *fs, struct ovl_dir *dir, const char *name, int *ret_r)
{
	struct ovl_inode *inode = NULL;
	struct stat st;

	*ret_r = ovl_dir_lock_read(fs, dir);
	if (*ret_r < 0)
		return NULL;
	struct ovl_entry *entry = ovl_index_get(dir->index, name);
	if (ovl_entry_is_positive(entry) && entry->layer != OVL_UPPER && entry->type != DT_DIR)
		*ret_r = ovl_entry_inode(fs, dir, entry, &inode, &st);
	pthread_rwlock_unlock(&dir->lock);
	if (!inode)
		return NULL;
	ovl_inode_lock(fs, inode);
	bool kept = inode->flags & OVL_INODE_INDEXED;
	ovl_inode_unlock(fs, inode);
	if (kept || ovl_link_index_keeps(fs, inode->type, st.st_nlink))
		return inode;
	ovl_inode_unref(fs, inode);
	return NULL;
}

int ovl_copy_up_name(struct ovl_fs *fs, struct ovl_dir *dir, const char *name)
{
	int r;

	if (!fs->link_index)
		return 0;
	struct ovl_inode *inode = find_kept(fs, dir, name, &r);
	if (!inode)
		return r;
	r = ovl_copy_up(fs, inode, OVL_COPY_ALL);
	if (r == 0)
		r = ovl_dir_lock_write(fs, dir);
	if (r < 0) {
		ovl_inode_unref(fs, inode);
		return r;
	}
	struct ovl_entry *entry = ovl_index_get(dir->index, name);
	ovl_inode_lock(fs, inode);
	if (ovl_entry_is_positive(entry) && entry->layer != OVL_UPPER &&
		(inode->flags & OVL_INODE_INDEXED))
		r = link_up(fs, dir, entry, inode);
	ovl_inode_unlock(fs, inode);
	pthread_rwlock_unlock(&dir->lock);
	ovl_inode_unref(fs, inode);
	return r;
}
