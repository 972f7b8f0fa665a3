/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "copy_up.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "copy.h"
#include "link_index.h"
#include "metacopy.h"
#include "override_stat.h"
#include "whiteout.h"

/* -- directories ------------------------------------------------------------------------------- */

/* What an entry's lowers become when the topmost of its layers gets a copy above it. */
static uint16_t *lowers_below_copy(const struct ovl_entry *entry)
{
	size_t n = entry->lowers ? entry->lowers[0] : 0;
	uint16_t *lowers = malloc((n + 2) * sizeof(*lowers));
	if (!lowers)
		return NULL;
	lowers[0] = (uint16_t)(n + 1);
	lowers[1] = entry->layer;
	if (n)
		memcpy(lowers + 2, entry->lowers + 1, n * sizeof(*lowers));
	return lowers;
}

/* parent is in the upper and locked for writing, and so is dir. */
static int copy_up_dir_locked(struct ovl_fs *fs, struct ovl_dir *parent, struct ovl_dir *dir)
{
	struct ovl_entry *entry = dir->inode.entry;
	struct ovl_real real = {dir->lowers[0], "", -1};
	_cleanup_copy_ struct ovl_copy copy = OVL_COPY_NONE;
	_cleanup_free_ uint16_t *lowers = lowers_below_copy(entry);
	struct stat st;

	if (dir->removed)
		return -ENOENT;
	struct ovl_realdir *upper =
		lowers ? ovl_realdir_new(&fs->dirs, ovl_dir_upper(parent), entry->name) : NULL;
	if (!upper)
		return -ENOMEM;
	int r = ovl_copy_open(fs, &real, OVL_COPY_ALL, &copy);
	if (r == 0)
		r = ovl_copy_make(&copy);
	if (r == 0)
		r = ovl_copy_link_quietly(&copy, parent, entry->name, &st);
	if (r < 0) {
		ovl_realdir_unref(&fs->dirs, upper);
		return r;
	}
	entry->layer = OVL_UPPER;
	entry->flags |= OVL_ENTRY_ORIGIN;
	free(entry->lowers);
	entry->lowers = steal_pointer(&lowers);
	ovl_inode_set_key(fs, &dir->inode, ovl_fsid(fs, st.st_dev), st.st_ino);
	ovl_dir_keep_ctime(dir, copy.st.st_ctim);
	__atomic_store_n(&dir->merged, true, __ATOMIC_RELAXED);
	__atomic_store_n(&dir->upper, upper, __ATOMIC_RELEASE);
	return 0;
}

/* Copies up dir, whose parent is in the upper. Returns 0 also where dir has another parent by now:
 * the caller looks again. */
static int copy_up_one_dir(struct ovl_fs *fs, struct ovl_dir *parent, struct ovl_dir *dir)
{
	int r = 0;
	pthread_rwlock_wrlock(&parent->lock);
	/* What is in no upper has never moved: it is below parent, so the order of locks is kept.
	 */
	if (!ovl_dir_upper(dir)) {
		pthread_rwlock_wrlock(&dir->lock);
		r = copy_up_dir_locked(fs, parent, dir);
		pthread_rwlock_unlock(&dir->lock);
	}
	pthread_rwlock_unlock(&parent->lock);
	return r;
}

static struct ovl_dir *get_parent(struct ovl_fs *fs, const struct ovl_inode *inode)
{
	return ovl_dir_of(ovl_inode_get_parent(fs, inode));
}

/* Copies up the topmost directory on the way to dir that is not in the upper yet. */
static int copy_up_topmost(struct ovl_fs *fs, struct ovl_dir *dir)
{
	struct ovl_inode *child = ovl_inode_ref(fs, &dir->inode);
	struct ovl_dir *parent = get_parent(fs, child);

	while (!ovl_dir_upper(parent)) {
		ovl_inode_unref(fs, child);
		child = &parent->inode;
		parent = get_parent(fs, child);
	}
	int r = copy_up_one_dir(fs, parent, ovl_dir_of(child));
	ovl_inode_unref(fs, &parent->inode);
	ovl_inode_unref(fs, child);
	return r;
}

/* Every change comes by here first. */
static int begin_change(struct ovl_fs *fs)
{
	if (!fs->has_upper)
		return -EROFS;
	if (!atomic_load_explicit(&fs->was_changed, memory_order_relaxed))
		atomic_store_explicit(&fs->was_changed, true, memory_order_relaxed);
	return 0;
}

int ovl_copy_up_dir(struct ovl_fs *fs, struct ovl_dir *dir)
{
	int r = begin_change(fs);
	while (r == 0 && !ovl_dir_upper(dir))
		r = copy_up_topmost(fs, dir);
	return r;
}

/* -- everything else --------------------------------------------------------------------------- */

/* The copy of a file whose name is gone: it is reached by a descriptor alone. inode's lock is
 * held. */
static int publish_nameless(struct ovl_copy *copy, struct ovl_inode *inode)
{
	struct stat st;
	int anchor = sys_open(ovl_copy_at(copy), O_PATH);
	if (anchor < 0)
		return anchor;
	int r = sys_stat(sys_at_fd(anchor), &st);
	if (r < 0) {
		close(anchor);
		return r;
	}
	ovl_inode_set_key(copy->fs, inode, ovl_fsid(copy->fs, st.st_dev), st.st_ino);
	ovl_inode_set_unlinked(copy->fs, inode, anchor);
	return 0;
}

/* parent's and inode's locks are held. */
static int publish_named(struct ovl_copy *copy, struct ovl_dir *parent, struct ovl_inode *inode)
{
	struct ovl_entry *entry = inode->entry;
	struct stat st;
	int r = ovl_copy_link_quietly(copy, parent, entry->name, &st);
	if (r < 0)
		return r;
	uint32_t fsid = ovl_fsid(copy->fs, st.st_dev);
	entry->layer = OVL_UPPER;
	entry->flags |= OVL_ENTRY_ORIGIN;
	/* One name of a hard link has become a file of its own. */
	if (copy->st.st_nlink > 1)
		entry->st_ino = inode->ino = ovl_map_ino(copy->fs, fsid, st.st_ino);
	ovl_inode_set_key(copy->fs, inode, fsid, st.st_ino);
	return 0;
}

/* The copy stands in the link index, and inode with all its names leads to it from now on: those
 * that the upper does not have yet as well. Of its links, real_links are there; users see as many
 * as the lower file has. The same locks are held, and that of the link index. */
static void adopt_copy(
	struct ovl_copy *copy, struct ovl_inode *inode, struct ovl_entry *place, int real_links)
{
	struct ovl_fs *fs = copy->fs;

	ovl_inode_set_key(fs, inode, ovl_fsid(fs, copy->in_index.st_dev), copy->in_index.st_ino);
	ovl_link_index_adopt(fs, inode, place, (int)copy->st.st_nlink - real_links);
	/* Best effort: until then the mark counts from the lower's, which is as good. */
	ovl_links_mark_locked(fs, inode);
}

/* The copy comes into the link index and gets, as a further link of that, the name by which inode
 * was known. Where neither this succeeds nor the first step can be undone, it is done all the same:
 * a name that the upper lacks is found by the lower file. The same locks are held, and that of the
 * link index. */
static int link_twice(struct ovl_copy *copy, struct ovl_dir *parent, struct ovl_inode *inode,
	struct ovl_entry *place)
{
	struct sys_at to = sys_at(copy->fs->link_index_fd, copy->link);
	struct stat st;
	int r = sys_stat(ovl_copy_at(copy), &copy->in_index);

	if (r == 0)
		r = ovl_copy_link(copy, to);
	if (r < 0)
		return r;
	copy->is_indexed = true;
	r = ovl_copy_link_quietly(copy, parent, inode->entry->name, &st);
	if (r < 0 && sys_unlink(to) == 0)
		return r;
	if (r == 0) {
		inode->entry->layer = OVL_UPPER;
		inode->entry->flags |= OVL_ENTRY_ORIGIN;
	}
	adopt_copy(copy, inode, place, r == 0 ? 2 : 1);
	return 0;
}

static int publish_in_link_index(
	struct ovl_copy *copy, struct ovl_dir *parent, struct ovl_inode *inode)
{
	struct ovl_fs *fs = copy->fs;
	struct ovl_entry *place = ovl_entry_new(copy->link, inode->type, OVL_UPPER);

	if (!place)
		return -ENOMEM;
	pthread_mutex_lock(&fs->link_index_lock);
	int r = link_twice(copy, parent, inode, place);
	pthread_mutex_unlock(&fs->link_index_lock);
	ovl_entry_unref(place);
	return r;
}

/* inode's data are in the copy; or below, where they have been so far. Its lock is held. */
static void publish_data(struct ovl_copy *copy, struct ovl_inode *inode)
{
	bool stay_below = copy->metacopy != NULL;

	ovl_metacopy_free(copy->fs, ovl_inode_set_metacopy(inode, steal_pointer(&copy->metacopy)));
	if (stay_below)
		return;
	inode->flags |= OVL_INODE_UNSYNCED;
	ovl_file_install(copy->fs, inode, steal_fd(&copy->fd), true);
}

static int publish(struct ovl_copy *copy, struct ovl_dir *parent, struct ovl_inode *inode)
{
	struct ovl_fs *fs = copy->fs;
	int r;

	pthread_rwlock_wrlock(&parent->lock);
	ovl_inode_lock(fs, inode);
	if (inode->flags & OVL_INODE_UNLINKED)
		r = publish_nameless(copy, inode);
	else if (copy->is_kept)
		r = publish_in_link_index(copy, parent, inode);
	else
		r = publish_named(copy, parent, inode);
	if (r == 0 && inode->type == DT_REG)
		publish_data(copy, inode);
	ovl_inode_unlock(fs, inode);
	pthread_rwlock_unlock(&parent->lock);
	return r;
}

/* Is it still what the lookup saw? A layer's owner may have put something else there. */
static bool has_type(const struct ovl_fs *fs, const struct stat *st, const struct ovl_inode *inode)
{
	if (ovl_override_is_on(fs)) /* what users see, an xattr says */
		return S_ISREG(st->st_mode) || IFTODT(st->st_mode) == inode->type;
	return IFTODT(st->st_mode) == inode->type;
}

/* inode is marked COPYING by this thread, so neither its entry's layer nor its parent changes. */
static int copy_up_file(struct ovl_fs *fs, struct ovl_inode *inode, off_t limit, bool unlinked)
{
	struct ovl_dir *parent = get_parent(fs, inode);
	struct ovl_real real = ovl_inode_real(inode);
	_cleanup_copy_ struct ovl_copy copy = OVL_COPY_NONE;
	copy.inode = inode;
	int r = unlinked ? 0 : ovl_copy_up_dir(fs, parent);

	if (r == -ENOENT) /* the directory was removed, and so the file: publish() will see that */
		r = 0;
	if (r == 0)
		r = ovl_copy_open(fs, &real, limit, &copy);
	if (r == 0 && !has_type(fs, &copy.st, inode))
		r = -ESTALE;
	copy.is_kept = r == 0 && ovl_link_index_keeps(fs, inode->type, copy.st.st_nlink);
	if (r == 0)
		r = ovl_copy_make(&copy);
	if (r == 0)
		r = publish(&copy, parent, inode);
	ovl_inode_unref(fs, &parent->inode);
	return r;
}

int ovl_copy_up(struct ovl_fs *fs, struct ovl_inode *inode, off_t limit)
{
	if (ovl_inode_is_dir(inode))
		return ovl_copy_up_dir(fs, ovl_dir_of(inode));
	int r = begin_change(fs);
	if (r < 0)
		return r;
	ovl_inode_lock(fs, inode);
	ovl_inode_wait_copied(fs, inode);
	bool upper = ovl_inode_is_upper(inode);
	bool done = upper && (limit == OVL_COPY_METADATA || !ovl_inode_metacopy(inode));
	bool unlinked = inode->flags & OVL_INODE_UNLINKED;
	if (!done)
		inode->flags |= OVL_INODE_COPYING;
	ovl_inode_unlock(fs, inode);
	if (done)
		return 0;
	r = upper ? ovl_metacopy_complete(fs, inode, limit)
		  : copy_up_file(fs, inode, limit, unlinked);
	if (r == 0 && limit >= 0 && inode->type == DT_REG)
		r = OVL_COPIED_CUT;
	ovl_inode_lock(fs, inode);
	inode->flags &= (uint8_t)~OVL_INODE_COPYING;
	ovl_inode_wake_copied(fs, inode);
	ovl_inode_unlock(fs, inode);
	return r;
}

int ovl_link_copy_up(struct ovl_fs *fs, const char *link, struct ovl_dir *parent, const char *name,
	struct stat *ret_stat)
{
	struct ovl_copy copy = OVL_COPY_NONE;
	copy.fs = fs;
	copy.is_indexed = true;
	memcpy(copy.link, link, strlen(link) + 1);
	return ovl_copy_link_quietly(&copy, parent, name, ret_stat);
}
