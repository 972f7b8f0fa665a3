/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Topmost first, so the first object or whiteout that is met for a name decides what users see;
 * what comes later in the stack can only say whether a lower layer has the name at all (a removal
 * then needs a whiteout), and add real directories to merge.
 *
 * A name is CLOSED when nothing further down can be merged into it: it is no directory, or a
 * whiteout or a file stands between. AUFS whiteouts (.wh.NAME) apply to the layers below their own,
 * so those of one layer are kept until all its plain names are known.
 */
#include "scan.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "origin.h"
#include "override_stat.h"
#include "redirect.h"
#include "sys/listing.h"

struct pending {
	struct pending *next;
	char name[];
};

struct scan {
	struct ovl_fs *fs;
	struct ovl_index *index;
	struct sys_at dir; /* the real directory of this pass */
	uint16_t layer;
	uint32_t fsid;
	bool xattr_whiteouts; /* its empty regular files may be whiteouts */
	bool upper_xattr_whiteouts;
	bool aufs_opaque;    /* it holds .wh..wh..opq */
	bool impure;         /* the upper directory has the impure mark */
	bool layer_impure;   /* the real directory of this pass has it */
	char *redirect;      /* owned: the real directory's, or NULL */
	bool redirects_done; /* those of the layers to come have been obeyed */
	bool has_upper_dirs; /* a directory of the upper got lowers in a later pass */
	struct pending *aufs_whiteouts;
};

static int add_entry(struct scan *scan, const char *name, uint8_t type, struct ovl_entry **ret)
{
	struct ovl_entry *entry = ovl_entry_new(name, type, scan->layer);
	if (!entry)
		return -ENOMEM;
	if (ovl_index_add(scan->index, entry) < 0) {
		ovl_entry_unref(entry);
		return -ENOMEM;
	}
	if (scan->layer != OVL_UPPER)
		entry->decided = scan->layer;
	if (scan->layer_impure && type == DT_REG)
		entry->flags |= OVL_ENTRY_IMPURE;
	*ret = entry;
	return 0;
}

static int scan_whiteout(struct scan *scan, const char *name, bool aufs)
{
	struct ovl_entry *entry = ovl_index_get(scan->index, name);
	if (!entry) {
		int r = add_entry(scan, name, DT_WHT, &entry);
		if (r < 0)
			return r;
	}
	if (scan->layer == OVL_UPPER)
		entry->flags |= aufs ? OVL_ENTRY_AUFS_WH : OVL_ENTRY_UPPER_WH;
	else if (!entry->decided)
		entry->decided = scan->layer;
	entry->flags |= OVL_ENTRY_CLOSED;
	return 0;
}

/* The name is known from a layer above this one. */
static int scan_below(struct scan *scan, struct ovl_entry *entry, uint8_t type, uint64_t ino)
{
	if (entry->layer == scan->layer) /* listed twice */
		return 0;
	if (!entry->decided) {
		entry->decided = scan->layer;
		entry->flags |= OVL_ENTRY_LOWER;
	}
	if (entry->flags & OVL_ENTRY_CLOSED)
		return 0;
	if (type != DT_DIR) {
		entry->flags |= OVL_ENTRY_CLOSED;
		return 0;
	}
	if (entry->layer == OVL_UPPER && !entry->lowers) {
		/* A merged directory has the inode number of its topmost lower. */
		entry->st_ino = ovl_map_ino(scan->fs, scan->fsid, ino);
		entry->flags |= OVL_ENTRY_ORIGIN;
		scan->has_upper_dirs = true;
	}
	return ovl_entry_add_lower(entry, scan->layer);
}

static int scan_file(struct scan *scan, const char *name, uint8_t type, uint64_t ino)
{
	struct ovl_entry *entry = ovl_index_get(scan->index, name);
	if (entry)
		return scan_below(scan, entry, type, ino);
	int r = add_entry(scan, name, type, &entry);
	if (r < 0)
		return r;
	entry->st_ino = ovl_map_ino(scan->fs, scan->fsid, ino);
	if (scan->layer != OVL_UPPER)
		entry->flags |= OVL_ENTRY_LOWER;
	if (type != DT_DIR)
		entry->flags |= OVL_ENTRY_CLOSED;
	return 0;
}

/* Objects whose type alone does not tell what they are. */
static int scan_stat(struct scan *scan, const struct sys_dirent *d)
{
	struct stat st;
	struct sys_at at = sys_at(scan->dir.dirfd, d->name);
	int r = ovl_stored_stat(scan->fs, at, &st);
	if (r == -ENOENT) /* gone since getdents */
		return 0;
	if (r < 0)
		return r;
	int whiteout = ovl_is_whiteout_device(st.st_mode, st.st_rdev);
	if (scan->xattr_whiteouts && S_ISREG(st.st_mode) && st.st_size == 0)
		whiteout = ovl_mark_is_there(at, OVL_MARK_WHITEOUT);
	if (whiteout < 0)
		return whiteout;
	return whiteout ? scan_whiteout(scan, d->name, false)
			: scan_file(scan, d->name, IFTODT(st.st_mode), d->ino);
}

static int keep_aufs_whiteout(struct scan *scan, const char *name)
{
	struct pending *pending = malloc(sizeof(*pending) + strlen(name) + 1);
	if (!pending)
		return -ENOMEM;
	memcpy(pending->name, name, strlen(name) + 1);
	pending->next = scan->aufs_whiteouts;
	scan->aufs_whiteouts = pending;
	return 0;
}

static int scan_entry(void *data, const struct sys_dirent *d)
{
	struct scan *scan = data;

	if (strlen(d->name) > NAME_MAX) /* no lookup can ask for it */
		return 0;
	switch (ovl_name_kind(d->name)) {
	case OVL_NAME_AUFS_OPAQUE:
		scan->aufs_opaque = true;
		return 0;
	case OVL_NAME_AUFS_OTHER:
		return 0;
	case OVL_NAME_AUFS_WHITEOUT:
		return keep_aufs_whiteout(scan, d->name + OVL_AUFS_PREFIX_LENGTH);
	case OVL_NAME_PLAIN:
		break;
	}
	if (d->type == DT_UNKNOWN || d->type == DT_CHR ||
		(d->type == DT_REG && (scan->xattr_whiteouts || ovl_override_is_on(scan->fs))))
		return scan_stat(scan, d);
	return scan_file(scan, d->name, d->type, d->ino);
}

static int apply_aufs_whiteouts(struct scan *scan)
{
	int r = 0;
	while (scan->aufs_whiteouts) {
		struct pending *pending = scan->aufs_whiteouts;
		scan->aufs_whiteouts = pending->next;
		if (r == 0)
			r = scan_whiteout(scan, pending->name, true);
		free(pending);
	}
	return r;
}

/* One pass. Returns 1 where the layers below are not merged, 0 where they are, or -errno. */
static int scan_layer(struct scan *scan, struct ovl_realdir *real)
{
	struct ovl_dir_marks marks = {0};
	struct ovl_real self = {real, "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = ovl_real_hold(&scan->fs->dirs, &self, &hold);

	/* In the bottom layer marks say nothing: they are about what is below. */
	if (r == 0 && real->layer->index + 1 < scan->fs->n_layers)
		r = ovl_marks_read(hold.at, real->layer->index == OVL_UPPER, &marks);
	if (r == 0 && marks.redirect && !marks.opaque)
		r = ovl_redirect_read(
			scan->fs, hold.at, real->layer->index == OVL_UPPER, &scan->redirect);
	if (r < 0 && r != -ENODATA)
		return r;
	scan->dir = hold.at;
	scan->layer = (uint16_t)real->layer->index;
	scan->fsid = ovl_fsid(scan->fs, real->layer->dev);
	scan->xattr_whiteouts = marks.xattr_whiteouts;
	scan->upper_xattr_whiteouts |= marks.xattr_whiteouts && scan->layer == OVL_UPPER;
	scan->layer_impure = marks.impure;
	scan->impure |= marks.impure && scan->layer == OVL_UPPER;
	scan->aufs_opaque = false;
	r = sys_list(hold.at.dirfd, scan_entry, scan);
	int applied = apply_aufs_whiteouts(scan);
	if (r == 0)
		r = applied;
	return r < 0 ? r : marks.opaque || scan->aufs_opaque;
}

/* Has the object an origin mark? Then its inode number is that one's. */
static void read_origin(struct scan *scan, struct sys_at at, struct ovl_entry *entry)
{
	bool is_dir = entry->type == DT_DIR;
	if (ovl_origin_read(scan->fs, at, is_dir, entry->decided, &entry->st_ino))
		entry->flags |= OVL_ENTRY_ORIGIN;
}

/* What has the same name below is not what this directory of the upper is merged with. */
static int unmerge(struct scan *scan, struct sys_at at, struct ovl_entry *entry)
{
	struct stat st;

	if (!entry->lowers)
		return 0;
	int r = sys_stat(at, &st);
	if (r < 0)
		return r;
	free(steal_pointer(&entry->lowers));
	entry->st_ino = ovl_map_ino(scan->fs, scan->fsid, st.st_ino);
	entry->flags &= (uint8_t)~OVL_ENTRY_ORIGIN;
	return 0;
}

/* A directory of the upper: does it say that it is opaque, or merged with another one? */
static int check_upper_dir(struct scan *scan, struct ovl_entry *entry)
{
	struct ovl_dir_marks marks;
	struct sys_at at = sys_at(scan->dir.dirfd, entry->name);
	int r = ovl_marks_read(at, true, &marks);
	if (r == 0 && marks.redirect && !marks.opaque) {
		_cleanup_free_ char *redirect = NULL;
		r = ovl_redirect_read(scan->fs, at, true, &redirect);
		marks.redirect = r == 0;
		r = r == -ENODATA ? 0 : r; /* of the other prefix: means nothing to us */
	}
	if (r < 0 || (!marks.opaque && !marks.redirect))
		return r;
	r = unmerge(scan, at, entry);
	if (r == 0 && !marks.opaque) {
		entry->flags |= OVL_ENTRY_REDIRECT;
		read_origin(scan, at, entry);
	}
	return r;
}

/* Second look at the upper, once the layers below it are known. */
static int finish_upper(struct scan *scan, struct ovl_realdir *upper)
{
	struct ovl_real self = {upper, "", -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;

	if (!scan->impure && !scan->has_upper_dirs)
		return 0;
	int r = ovl_real_hold(&scan->fs->dirs, &self, &hold);
	scan->dir = hold.at;
	scan->fsid = ovl_fsid(scan->fs, upper->layer->dev);
	for (uint32_t i = 0; r == 0 && i < scan->index->n_slots; i++) {
		struct ovl_entry *entry = scan->index->slots[i].entry;
		if (entry->layer != OVL_UPPER || !ovl_entry_is_positive(entry))
			continue;
		if (entry->lowers || (scan->impure && entry->type == DT_DIR))
			r = check_upper_dir(scan, entry);
		else if (scan->impure)
			read_origin(scan, sys_at(hold.at.dirfd, entry->name), entry);
	}
	return r;
}

static void drop_lowers(struct ovl_fs *fs, struct ovl_dir *dir, unsigned from)
{
	while (dir->n_lowers > from)
		ovl_realdir_unref(&fs->dirs, dir->lowers[--dir->n_lowers]);
}

/* A redirect was met in layer: what is searched below changes. */
static int obey_redirect(struct scan *scan, struct ovl_dir *dir, unsigned layer)
{
	_cleanup_free_ char *redirect = steal_pointer(&scan->redirect);
	if (!redirect || scan->redirects_done)
		return 0;
	int r = ovl_redirect_follow_locked(scan->fs, dir, layer, redirect);
	scan->redirects_done = r == 1;
	r = r < 0 ? r : 0;
	if (r == 0 && layer == OVL_UPPER) {
		free(dir->redirect);
		dir->redirect = steal_pointer(&redirect);
	}
	return r;
}

/* Passes over the real directories; *ret_used is how many of the lowers are merged. */
static int scan_stack(struct scan *scan, struct ovl_dir *dir, unsigned *ret_used)
{
	struct ovl_realdir *upper = ovl_dir_upper(dir);
	unsigned used = 0;
	int r = upper ? scan_layer(scan, upper) : 0;

	if (r == 0 && upper)
		r = obey_redirect(scan, dir, OVL_UPPER);
	while (r == 0 && used < dir->n_lowers) {
		struct ovl_realdir *lower = dir->lowers[used++];
		r = scan_layer(scan, lower);
		if (r == 0)
			r = obey_redirect(scan, dir, lower->layer->index);
	}
	if (r >= 0 && upper)
		r = finish_upper(scan, upper);
	*ret_used = used;
	free(steal_pointer(&scan->redirect));
	return r < 0 ? r : 0;
}

int ovl_dir_read_locked(struct ovl_fs *fs, struct ovl_dir *dir)
{
	if (dir->index)
		return 0;
	struct scan scan = {.fs = fs, .index = ovl_index_new()};
	unsigned used;
	if (!scan.index)
		return -ENOMEM;
	int r = scan_stack(&scan, dir, &used);
	if (r < 0) {
		ovl_index_free(scan.index);
		return r;
	}
	drop_lowers(fs, dir, used);
	__atomic_store_n(
		&dir->merged, dir->n_lowers + (ovl_dir_upper(dir) != NULL) > 1, __ATOMIC_RELAXED);
	dir->impure = scan.impure;
	dir->xattr_whiteouts = scan.upper_xattr_whiteouts;
	ovl_index_trim(scan.index);
	dir->index = scan.index;
	return 0;
}

int ovl_dir_lock_write(struct ovl_fs *fs, struct ovl_dir *dir)
{
	int r = -pthread_rwlock_wrlock(&dir->lock);
	if (r < 0) /* -EDEADLK: this thread has it */
		return r;
	dir->knows_times = false; /* whoever comes this way is about to change them */
	r = ovl_dir_read_locked(fs, dir);
	if (r < 0)
		pthread_rwlock_unlock(&dir->lock);
	else
		ovl_dir_changed(&dir->inode);
	return r;
}

int ovl_dir_lock_read(struct ovl_fs *fs, struct ovl_dir *dir)
{
	pthread_rwlock_rdlock(&dir->lock);
	if (dir->index)
		return 0;
	pthread_rwlock_unlock(&dir->lock);
	int r = ovl_dir_lock_write(fs, dir);
	if (r < 0)
		return r;
	/* An index, once there, stays: it may be given up and taken again for reading. */
	pthread_rwlock_unlock(&dir->lock);
	pthread_rwlock_rdlock(&dir->lock);
	return 0;
}
