/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lookup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "ids.h"
#include "link_index.h"
#include "metacopy.h"
#include "override_stat.h"
#include "protection.h"
#include "scan.h"

void ovl_show_attributes(struct ovl_fs *fs, const struct ovl_inode *inode, struct stat *st)
{
	st->st_ino = inode->ino;
	if (ovl_inode_is_dir(inode)) {
		const struct ovl_dir *dir = (const struct ovl_dir *)inode;
		if (fs->static_nlink || __atomic_load_n(&dir->merged, __ATOMIC_RELAXED))
			st->st_nlink = 1;
		ovl_dir_show_ctime(dir, st);
	} else if ((inode->flags & OVL_INODE_UNLINKED) && !ovl_inode_is_upper(inode)) {
		/* Its name is gone for users, not from the lower. */
		st->st_nlink -= st->st_nlink > 0;
	} else if (inode->flags & OVL_INODE_INDEXED) {
		st->st_nlink += (nlink_t)inode->entry->more_links;
	}
	if (ovl_inode_metacopy(inode))
		ovl_metacopy_show(inode, st);
	ovl_ids_show(fs, st);
}

void ovl_node_set(
	struct ovl_fs *fs, struct ovl_node *node, struct ovl_inode *inode, const struct stat *st)
{
	ovl_inode_add_lookup(fs, inode);
	node->nodeid = inode->nodeid;
	node->st = *st;
}

/* Is that the upper or the workdir, met in a lower layer (kernel: ovl_lookup_trap_inode())? */
static bool is_trap(const struct ovl_fs *fs, const struct stat *st)
{
	for (size_t i = 0; i < OVL_N_TRAPS; i++)
		if (st->st_ino == fs->traps[i].ino && st->st_dev == fs->traps[i].dev)
			return S_ISDIR(st->st_mode);
	return false;
}

/* What is found on disk of a name. */
struct sight {
	struct stat st;      /* of the real object */
	nlink_t lower_links; /* how many the lower file has that entry is a name of, or 0 */
	uint8_t protection;  /* what is known of that; protection.h */
	bool is_indexed;     /* the real object stands in the link index; st is of that */
	ovl_link_name link;  /* what the link index calls it, or would; "" = it does not */
};

/* May the link index have the file, and under what name? */
static int see_link_name(
	struct ovl_fs *fs, const struct ovl_entry *entry, struct sys_at at, struct sight *sight)
{
	int r;
	sight->link[0] = '\0';
	sight->is_indexed = false;
	sight->lower_links = entry->layer == OVL_UPPER ? 0 : sight->st.st_nlink;
	if (!ovl_link_index_keeps(fs, entry->type, sight->st.st_nlink))
		return 0;
	if (entry->layer == OVL_UPPER)
		r = ovl_link_index_name_of_upper(fs, at, &sight->st, sight->link);
	else
		r = ovl_link_index_name(fs, at, &fs->layers[entry->layer], sight->link);
	if (r == 0 && entry->layer == OVL_UPPER)
		sight->link[0] = '\0';
	return r == -EOPNOTSUPP || r > 0 ? 0 : r;
}

/* Is it in the link index? A lower file's copy then is what users see; that of a file of the upper
 * must be that file. link_index_lock is held. */
static int see_link(struct ovl_fs *fs, const struct ovl_entry *entry, struct sight *sight)
{
	struct stat st;
	int r = ovl_link_index_stat(fs, sight->link, entry->type, &st);

	if (r <= 0)
		return r;
	if (entry->layer == OVL_UPPER &&
		(st.st_ino != sight->st.st_ino || st.st_dev != sight->st.st_dev))
		return 0;
	sight->is_indexed = true;
	sight->st = st;
	sight->protection = 0;
	return 0;
}

/* stat of the real object behind entry. */
static int see_entry(struct ovl_fs *fs, const struct ovl_dir *dir, const struct ovl_entry *entry,
	struct sight *sight)
{
	struct stat *st = &sight->st;
	struct ovl_real real = {ovl_dir_real(dir, entry->layer), entry->name, -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	/* What is mounted on a directory of a layer shows through where the layer is no private
	 * clone; it may be ourselves, and asking ourselves would wait for ever. */
	int how = entry->type == DT_DIR ? AT_STATX_DONT_SYNC : 0;
	uint64_t attributes;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);

	if (r < 0)
		return r;
	r = sys_statx(hold.at, how, st, &attributes);
	if (r < 0)
		return r == -ENOENT ? -ESTALE : r;
	sight->protection = ovl_protection_seen(attributes, entry->layer == OVL_UPPER);
	if ((st->st_dev == fs->own_device && fs->own_device) ||
		(entry->layer != OVL_UPPER && is_trap(fs, st)))
		return -ELOOP;
	r = ovl_override_read(fs, hold.at, st);
	if (r == 0 && IFTODT(st->st_mode) != entry->type)
		r = -ESTALE;
	return r < 0 ? r : see_link_name(fs, entry, hold.at, sight);
}

/* Does the topmost of several lower directories hide the others? */
static int is_top_opaque(struct ovl_fs *fs, struct ovl_dir *dir, bool *ret_opaque)
{
	struct ovl_dir_marks marks;
	struct ovl_real self = {dir->lowers[0], "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = ovl_real_hold(&fs->dirs, &self, &hold);

	if (r == 0)
		r = ovl_marks_read(hold.at, false, &marks);
	if (r == 0)
		*ret_opaque = marks.opaque;
	return r;
}

static int add_lower(
	struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_realdir *parent, const char *name)
{
	struct ovl_realdir *lower = ovl_realdir_new(&fs->dirs, parent, name);
	if (!lower)
		return -ENOMEM;
	if (dir->n_lowers == 0)
		dir->top_lower = lower;
	dir->lowers[dir->n_lowers++] = lower;
	return 0;
}

/* Fills a new directory inode with its real directories. */
static int fill_dir(struct ovl_fs *fs, struct ovl_dir *parent, const struct ovl_entry *entry,
	struct ovl_dir *dir, const struct stat *st)
{
	unsigned n_below = entry->lowers ? entry->lowers[0] : 0;
	unsigned n_lowers = n_below + (entry->layer != OVL_UPPER);
	int r = 0;

	__atomic_store_n(&dir->setgid, (st->st_mode & S_ISGID) != 0, __ATOMIC_RELAXED);
	dir->lowers = n_lowers ? calloc(n_lowers, sizeof(struct ovl_realdir *)) : NULL;
	if (n_lowers && !dir->lowers)
		return -ENOMEM;
	if (entry->layer == OVL_UPPER) {
		dir->upper = ovl_realdir_new(&fs->dirs, ovl_dir_upper(parent), entry->name);
		if (!dir->upper)
			return -ENOMEM;
	} else {
		r = add_lower(fs, dir, ovl_dir_real(parent, entry->layer), entry->name);
	}
	for (unsigned i = 1; r == 0 && i <= n_below; i++)
		r = add_lower(fs, dir, ovl_dir_real(parent, entry->lowers[i]), entry->name);
	dir->merged = n_below > 0 || (entry->flags & OVL_ENTRY_REDIRECT);
	if (r == 0 && n_below > 0 && !dir->upper) {
		bool opaque = false;
		r = is_top_opaque(fs, dir, &opaque);
		dir->merged = !opaque;
	}
	return r;
}

static void entry_key(struct ovl_fs *fs, const struct ovl_dir *dir, const struct ovl_entry *entry,
	const struct sight *sight, struct ovl_key *key)
{
	const struct stat *st = &sight->st;
	*key = (struct ovl_key){.fsid = ovl_fsid(fs, st->st_dev), .ino = st->st_ino};
	if (entry->layer != OVL_UPPER && entry->type != DT_DIR && st->st_nlink > 1 &&
		!sight->link[0]) {
		key->alias_parent = &dir->inode;
		key->alias_name = entry->name;
	}
}

static struct ovl_inode *new_indexed(
	struct ovl_fs *fs, const struct ovl_entry *entry, const char *link)
{
	unsigned hint = entry->layer == OVL_UPPER ? entry->decided : entry->layer;
	return ovl_link_index_inode(fs, link, entry->type, hint, entry->st_ino);
}

static struct ovl_inode *new_plain(
	struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry, const struct ovl_key *key)
{
	struct ovl_inode *inode = ovl_inode_new(fs, entry->type, &dir->inode, entry);
	if (!inode)
		return NULL;
	/* Where the listing's inode number is not that of stat(2) (FUSE, subvolumes), stat's
	 * counts. */
	inode->ino = entry->flags & OVL_ENTRY_ORIGIN ? entry->st_ino
						     : ovl_map_ino(fs, key->fsid, key->ino);
	return inode;
}

static int new_inode(struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry,
	const struct sight *sight, const struct ovl_key *key, struct ovl_inode **ret_inode)
{
	struct ovl_inode *inode = sight->is_indexed ? new_indexed(fs, entry, sight->link)
						    : new_plain(fs, dir, entry, key);
	if (!inode)
		return -ENOMEM;
	if (entry->type == DT_DIR) {
		int r = fill_dir(fs, dir, entry, ovl_dir_of(inode), &sight->st);
		if (r < 0) {
			ovl_inode_unref(fs, inode);
			return r;
		}
	}
	inode->protection = sight->protection;
	*ret_inode = ovl_inode_add(fs, inode, key);
	return *ret_inode ? 0 : -ENOMEM;
}

/* An upper file whose known name was removed, met by another of its names. Its lock is held. A
 * lower name that led to it through the link index does not once it has left that. */
static void give_name_again(
	struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry, struct ovl_inode *inode)
{
	if (!ovl_inode_is_dir(inode) && !inode->entry && entry->layer == OVL_UPPER)
		ovl_inode_set_name(fs, inode, &dir->inode, entry);
}

/* The inode of what was seen, found or made. */
static int get_inode(struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry,
	const struct sight *sight, struct ovl_inode **ret_inode)
{
	struct ovl_key key;

	entry_key(fs, dir, entry, sight, &key);
	struct ovl_inode *inode = ovl_inode_find(fs, &key);
	if (!inode)
		return new_inode(fs, dir, entry, sight, &key, ret_inode);
	if (inode->type != entry->type) {
		ovl_inode_unref(fs, inode);
		return -ESTALE;
	}
	*ret_inode = inode;
	return 0;
}

/* How many links it has; and what it is now, where a lower file was seen that was copied up since.
 */
static int look_again(
	struct ovl_fs *fs, struct ovl_inode *inode, const struct sight *sight, struct stat *st)
{
	int r = 0;
	if (sight->lower_links && !sight->is_indexed)
		r = ovl_stored_stat(fs, sys_at(fs->link_index_fd, inode->entry->name), st);
	return r < 0 ? r : ovl_links_load_locked(fs, inode, sight->lower_links);
}

/* Looks once more, where what was seen without the inode's lock may be the mode of a moment
 * (ovl_inode_lend()). A file's lock is held. */
static int see_steadily(struct ovl_fs *fs, struct ovl_inode *inode, struct stat *st)
{
	struct ovl_real real = ovl_inode_real(inode);
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	bool is_dir = ovl_inode_is_dir(inode);

	if (!ovl_inode_was_lent(fs, inode))
		return 0;
	/* A rename may have it: then it is this thread's (-EDEADLK). */
	int locked = is_dir ? pthread_rwlock_rdlock(&ovl_dir_of(inode)->lock) : -1;
	int r = ovl_real_hold(&fs->dirs, &real, &hold);
	if (r == 0)
		r = ovl_stored_stat(fs, hold.at, st);
	if (locked == 0)
		pthread_rwlock_unlock(&ovl_dir_of(inode)->lock);
	return r;
}

/* Attributes as users see them. On failure the inode's ref is given back. */
static int show_inode(struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry,
	const struct sight *sight, struct ovl_inode *inode, struct stat *ret_stat)
{
	struct stat st = sight->st;
	int r = 0;

	ovl_inode_lock_pair(fs, inode, NULL);
	if (inode->flags & OVL_INODE_INDEXED)
		r = look_again(fs, inode, sight, &st);
	else
		give_name_again(fs, dir, entry, inode);
	if (r == 0)
		r = see_steadily(fs, inode, &st);
	if (r == 0)
		r = ovl_metacopy_learn(fs, dir, entry, inode, &st);
	if (r == 0)
		ovl_show_attributes(fs, inode, &st);
	ovl_inode_unlock_pair(fs, inode, NULL);
	if (r < 0)
		ovl_inode_unref(fs, inode);
	else
		*ret_stat = st;
	return r;
}

int ovl_entry_inode_from(struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry,
	const struct stat *raw, struct ovl_inode **ret_inode, struct stat *ret_stat)
{
	/* It was just made, or it is known. */
	struct sight sight = {.st = *raw, .protection = OVL_PROTECTION_KNOWN};
	int r = get_inode(fs, dir, entry, &sight, ret_inode);
	return r < 0 ? r : show_inode(fs, dir, entry, &sight, *ret_inode, ret_stat);
}

int ovl_entry_inode(struct ovl_fs *fs, struct ovl_dir *dir, struct ovl_entry *entry,
	struct ovl_inode **ret_inode, struct stat *ret_stat)
{
	struct ovl_inode *inode;
	struct sight sight;
	int r = see_entry(fs, dir, entry, &sight);

	if (r == 0 && sight.link[0]) {
		/* Between the two looks nobody may copy it up. */
		pthread_mutex_lock(&fs->link_index_lock);
		r = see_link(fs, entry, &sight);
		if (r == 0)
			r = get_inode(fs, dir, entry, &sight, &inode);
		pthread_mutex_unlock(&fs->link_index_lock);
	} else if (r == 0) {
		r = get_inode(fs, dir, entry, &sight, &inode);
	}
	if (r == 0)
		r = show_inode(fs, dir, entry, &sight, inode, ret_stat);
	if (r == 0)
		*ret_inode = inode;
	return r;
}

int ovl_entry_live_inode(struct ovl_fs *fs, const struct ovl_dir *dir,
	const struct ovl_entry *entry, struct ovl_inode **ret_inode)
{
	struct ovl_key key;
	struct sight sight;
	int r = see_entry(fs, dir, entry, &sight);
	if (r < 0)
		return r;
	entry_key(fs, dir, entry, &sight, &key);
	*ret_inode = ovl_inode_find(fs, &key);
	return 0;
}

int ovl_lookup(
	struct ovl_fs *fs, struct ovl_inode *parent, const char *name, struct ovl_node *ret_node)
{
	struct ovl_inode *inode;
	struct stat st;

	if (!ovl_inode_is_dir(parent))
		return -ENOTDIR;
	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	struct ovl_dir *dir = ovl_dir_of(parent);
	int r = ovl_dir_lock_read(fs, dir);
	if (r < 0)
		return r;
	struct ovl_entry *entry = ovl_index_get(dir->index, name);
	if (ovl_entry_is_positive(entry)) {
		r = ovl_entry_inode(fs, dir, entry, &inode, &st);
		if (r == 0) {
			ovl_node_set(fs, ret_node, inode, &st);
			ovl_inode_unref(fs, inode);
			r = 1;
		}
	}
	pthread_rwlock_unlock(&dir->lock);
	return r;
}

int ovl_lookup_self(struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_node *ret_node)
{
	struct stat st;

	ovl_inode_lock_pair(fs, inode, NULL);
	bool unlinked = inode->flags & OVL_INODE_UNLINKED;
	ovl_inode_unlock_pair(fs, inode, NULL);
	int r = unlinked ? -ESTALE : ovl_getattr(fs, inode, &st);
	if (r < 0)
		return r;
	ovl_node_set(fs, ret_node, inode, &st);
	return 1;
}

int ovl_lookup_parent(struct ovl_fs *fs, struct ovl_inode *inode, struct ovl_node *ret_node)
{
	if (inode->nodeid == OVL_ROOT_NODEID)
		return ovl_lookup_self(fs, inode, ret_node);
	struct ovl_inode *parent = ovl_inode_get_parent(fs, inode);
	int r = ovl_lookup_self(fs, parent, ret_node);
	ovl_inode_unref(fs, parent);
	return r;
}
