/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "copy_up.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "link_index.h"
#include "metacopy.h"
#include "metadata.h"
#include "origin.h"
#include "override_stat.h"
#include "sys/data.h"
#include "sys/xattrs.h"
#include "whiteout.h"

/* One copy in the making. */
struct copy {
	struct ovl_fs *fs;
	struct ovl_hold from;          /* the lower object */
	const struct ovl_layer *layer; /* its layer */
	struct stat st;                /* its attributes */
	struct ovl_inode *inode;       /* whose copy it is; NULL for a directory; borrowed */
	off_t limit;                   /* bytes of it that are wanted, or OVL_COPY_... */
	char temp[OVL_TEMP_NAME_SIZE]; /* the copy's name in work/; "" for one without a name */
	struct ovl_metacopy *metacopy; /* owned: where its data are, if they stay below */
	bool is_kept;                  /* it is to stand in the link index, as link */
	bool is_indexed;               /* and does, for good */
	ovl_link_name link;
	struct stat in_index; /* its attributes, before it comes there */
	mode_t mode; /* permissions that a regular copy was made with */
	int fd;      /* owned: the copy of a regular file, open O_RDWR; else -1 */
};

#define UNKNOWN_MODE ((mode_t)-1)
#define COPY_NONE    ((struct copy){.from = OVL_HOLD_NONE, .mode = UNKNOWN_MODE, .fd = -1})

/* Whatever was not published goes. */
static void copy_clear(struct copy *copy)
{
	if (copy->fd >= 0)
		close(copy->fd);
	if (copy->metacopy)
		ovl_metacopy_free(copy->fs, copy->metacopy);
	if (copy->temp[0])
		ovl_work_remove(copy->fs, copy->temp, S_ISDIR(copy->st.st_mode));
	ovl_real_release(&copy->from);
}

#define _cleanup_copy_ __attribute__((cleanup(copy_clear)))

/* The copy as system calls name it. */
static struct sys_at copy_at(const struct copy *copy)
{
	if (copy->is_indexed)
		return sys_at(copy->fs->link_index_fd, copy->link);
	return copy->temp[0] ? sys_at(copy->fs->work_fd, copy->temp) : sys_at_fd(copy->fd);
}

static int open_original(
	struct ovl_fs *fs, const struct ovl_real *real, off_t limit, struct copy *copy)
{
	copy->fs = fs;
	copy->limit = limit;
	copy->layer = real->dir->layer;
	int r = ovl_real_hold(&fs->dirs, real, &copy->from);
	return r < 0 ? r : sys_stat(copy->from.at, &copy->st);
}

static int make_regular(struct copy *copy)
{
	struct ovl_fs *fs = copy->fs;
	mode_t wanted = ovl_own_mode(fs, copy->st.st_mode) & 0777;

	/* With its final mode at once, where that lets an unprivileged owner set xattrs. */
	copy->mode = sys_masked_mode(wanted & S_IWUSR ? wanted : 0600);
	if (fs->upper_has_tmpfile) {
		copy->fd = sys_create_tmpfile(fs->work_fd, copy->mode);
	} else {
		ovl_temp_name(fs, copy->temp);
		copy->fd = sys_create(sys_at(fs->work_fd, copy->temp), O_RDWR, copy->mode);
		if (copy->fd < 0)
			copy->temp[0] = '\0';
	}
	return copy->fd < 0 ? copy->fd : 0;
}

static int make_symlink(struct copy *copy, struct sys_at at)
{
	char target[PATH_MAX];
	ssize_t length = sys_readlink(copy->from.at, target, sizeof(target));
	if (length < 0)
		return (int)length;
	target[length] = '\0';
	return sys_symlink(target, at);
}

static int make_object(struct copy *copy)
{
	sys_spare_owner_bits();
	if (S_ISREG(copy->st.st_mode))
		return make_regular(copy);
	ovl_temp_name(copy->fs, copy->temp);
	struct sys_at at = copy_at(copy);
	int r;
	if (S_ISDIR(copy->st.st_mode))
		r = sys_mkdir(at, 0700);
	else if (S_ISLNK(copy->st.st_mode))
		r = make_symlink(copy, at);
	else if (ovl_override_is_on(copy->fs))
		r = sys_mknod(at, S_IFREG | 0600, 0); /* what it is, an xattr says */
	else
		r = sys_mknod(at, (copy->st.st_mode & S_IFMT) | 0600, copy->st.st_rdev);
	if (r < 0)
		copy->temp[0] = '\0';
	return r;
}

/* Shares the extents with the original where that is possible; remembers where it is not. */
static int share_data(struct ovl_fs *fs, unsigned layer, int in, int out)
{
	atomic_bool *cannot_share = &fs->cannot_share[layer];
	if (atomic_load(cannot_share))
		return -EOPNOTSUPP;
	int r = sys_share_contents(in, out);
	if (r == -EOPNOTSUPP || r == -EXDEV || r == -ENOTTY)
		atomic_store(cannot_share, true);
	return r;
}

int ovl_copy_contents(
	struct ovl_fs *fs, unsigned layer, int in, int out, off_t size, bool has_holes)
{
	if (size == 0)
		return 0;
	int r = share_data(fs, layer, in, out);
	if (r == 0)
		r = sys_ftruncate(out, size);
	else
		r = sys_copy_contents(
			in, out, size, SYS_COPY_UNSHARED | (has_holes ? SYS_COPY_HOLES : 0));
	bool sync = fs->sync == OVL_SYNC_AUTO || fs->sync == OVL_SYNC_STRICT;
	return r == 0 && sync ? sys_fsync(out) : r;
}

/* Opens the data of the original, which a metacopy has elsewhere. */
static int open_data(struct copy *copy, unsigned *ret_layer)
{
	ovl_inode_lock(copy->fs, copy->inode);
	int r = ovl_inode_metacopy(copy->inode)
			? ovl_metacopy_open(copy->fs, copy->inode, ret_layer)
			: sys_open_noatime(copy->from.at);
	ovl_inode_unlock(copy->fs, copy->inode);
	return r;
}

static int copy_data(struct copy *copy)
{
	unsigned layer = copy->layer->index;
	off_t size = copy->st.st_size;
	bool has_holes = (off_t)copy->st.st_blocks * 512 < size;
	if (copy->limit >= 0 && copy->limit < size)
		size = copy->limit;
	if (size == 0)
		return 0;
	_cleanup_close_ int in = open_data(copy, &layer);
	return in < 0 ? in : ovl_copy_contents(copy->fs, layer, in, copy->fd, size, has_holes);
}

/* The data are copied, or stay where they are. */
static int fill_regular(struct copy *copy)
{
	int r = 0;
	bool may_stay =
		copy->limit == OVL_COPY_METADATA && copy->fs->makes_metacopies && !copy->is_kept;
	if (may_stay && copy->st.st_size > 0)
		r = ovl_metacopy_make(copy->fs, copy->inode, copy->fd, &copy->st, &copy->metacopy);
	return r == 0 ? copy_data(copy) : r < 0 ? r : 0;
}

/* What comes into the link index cannot do without an origin. How many links it has is written as
 * if none were copied up yet. */
static int set_origin_of_link(struct copy *copy)
{
	uint8_t bytes[OVL_FB_MAX];
	struct ovl_fs *fs = copy->fs;
	int size = ovl_handle_encode(fs, copy->from.at, copy->layer, bytes);
	int r = size < 0 ? size : ovl_link_index_format(bytes, (size_t)size, copy->link);

	if (r == -EOPNOTSUPP) { /* and so lookup.c thinks of it as well */
		copy->is_kept = false;
		return 0;
	}
	if (r == 0)
		r = sys_setxattr(copy_at(copy), ovl_mark_name(fs->prefix, OVL_MARK_ORIGIN), bytes,
			(size_t)size, 0);
	if (r == 0)
		r = sys_setxattr(copy_at(copy), ovl_mark_name(fs->prefix, OVL_MARK_NLINK),
			OVL_LINKS_AS_LOWER, strlen(OVL_LINKS_AS_LOWER), 0);
	return r;
}

/* Where it came from, so that its inode number stays. What the upper cannot hold (an ordinary
 * user's marks on symbolic links and devices) is no error, as in the kernel. */
static int set_origin(struct copy *copy)
{
	uint8_t bytes[OVL_FB_MAX];
	struct ovl_fs *fs = copy->fs;

	if (!fs->upper_has_xattrs)
		return 0;
	if (copy->is_kept)
		return set_origin_of_link(copy);
	/* A broken hard link is a file of its own (kernel: ovl_copy_up_one(), nlink > 1). */
	if (!S_ISDIR(copy->st.st_mode) && copy->st.st_nlink > 1)
		return 0;
	ssize_t size = ovl_origin_encode(fs, copy->from.at, copy->layer, bytes);
	if (size < 0)
		return (int)size;
	int r = sys_setxattr(
		copy_at(copy), ovl_mark_name(fs->prefix, OVL_MARK_ORIGIN), bytes, (size_t)size, 0);
	return r == -EPERM || r == -EOPNOTSUPP ? 0 : r;
}

/* Makes the copy aside, complete but for its name. */
static int make_copy(struct copy *copy)
{
	int r = make_object(copy);
	if (r == 0 && S_ISREG(copy->st.st_mode))
		r = fill_regular(copy);
	if (r == 0)
		r = set_origin(copy);
	if (r == 0)
		r = ovl_metadata_copy(
			copy->fs, copy->from.at, &copy->st, copy_at(copy), copy->mode);
	/* The truncation itself: it changes times and takes capabilities away, too. */
	if (r == 0 && copy->limit >= 0 && copy->fd >= 0)
		r = sys_ftruncate(copy->fd, copy->limit);
	if (r == 0 && copy->fs->sync == OVL_SYNC_STRICT && copy->fd >= 0)
		r = sys_fsync(copy->fd);
	return r;
}

/* Gives the copy its name in the upper, where nothing of that name is. */
static int link_copy(struct copy *copy, struct sys_at to)
{
	if (!copy->temp[0])
		return sys_link(copy_at(copy), to);
	struct sys_at from = copy_at(copy);
	int r = sys_rename(from, to, RENAME_NOREPLACE);
	if (r == -EINVAL) /* the file system knows no flags; nothing is there anyway */
		r = sys_rename(from, to, 0);
	if (r == 0)
		copy->temp[0] = '\0';
	return r;
}

/* The same for an owner without privileges whose directories forbid him to write: both the one that
 * the copy comes into and, if it is one, the copy itself are opened to him for a moment. */
static int link_copy_against_mode(struct copy *copy, struct sys_at to)
{
	struct sys_at upper = sys_at_fd(to.dirfd);
	bool is_dir = S_ISDIR(copy->st.st_mode);
	struct stat parent;
	int r = sys_stat(upper, &parent);
	if (r == 0)
		r = sys_chmod(upper, (parent.st_mode & 07777) | S_IRWXU);
	if (r < 0)
		return r == -EPERM ? -EACCES : r;
	if (is_dir)
		r = sys_chmod(copy_at(copy), ovl_own_mode(copy->fs, copy->st.st_mode) | S_IRWXU);
	if (r == 0)
		r = link_copy(copy, to);
	if (r == 0 && is_dir)
		r = sys_chmod(to, ovl_own_mode(copy->fs, copy->st.st_mode));
	int restored = sys_chmod(upper, parent.st_mode & 07777);
	return r == 0 ? restored : r == -EPERM ? -EACCES : r;
}

/* Makes parent->times those of its upper directory, which at is in. They are remembered from one
 * copy to the next, for whatever else changes them goes through ovl_dir_lock_write(). */
static int learn_times_locked(struct ovl_dir *parent, struct sys_at at)
{
	struct stat st;

	if (parent->knows_times && ovl_dir_keeps_ctime(parent))
		return 0;
	int r = sys_stat(sys_at_fd(at.dirfd), &st);
	if (r < 0)
		return r;
	ovl_dir_keep_ctime(parent, st.st_ctim);
	parent->times[0] = st.st_atim;
	parent->times[1] = st.st_mtim;
	return 0;
}

/* Gives the copy its name and tells its real inode; the directory keeps its times, for users have
 * changed nothing in it. */
static int link_copy_quietly(
	struct copy *copy, struct ovl_dir *parent, const char *name, struct stat *ret_stat)
{
	struct ovl_real real = {ovl_dir_upper(parent), name, -1};
	_cleanup_hold_ struct ovl_hold hold = OVL_HOLD_NONE;
	int r = ovl_real_hold(&copy->fs->dirs, &real, &hold);

	if (r == 0)
		r = learn_times_locked(parent, hold.at);
	if (r == 0)
		r = ovl_mark_impure_locked(copy->fs, parent);
	if (r == 0)
		r = sys_stat(copy_at(copy), ret_stat);
	if (r == 0) {
		r = link_copy(copy, hold.at);
		if (r == -EACCES)
			r = link_copy_against_mode(copy, hold.at);
	}
	if (r == 0) /* best effort, as the kernel's */
		parent->knows_times = sys_utimens(sys_at_fd(hold.at.dirfd), parent->times) == 0;
	return r;
}

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
	_cleanup_copy_ struct copy copy = COPY_NONE;
	_cleanup_free_ uint16_t *lowers = lowers_below_copy(entry);
	struct stat st;

	if (dir->removed)
		return -ENOENT;
	struct ovl_realdir *upper =
		lowers ? ovl_realdir_new(&fs->dirs, ovl_dir_upper(parent), entry->name) : NULL;
	if (!upper)
		return -ENOMEM;
	int r = open_original(fs, &real, OVL_COPY_ALL, &copy);
	if (r == 0)
		r = make_copy(&copy);
	if (r == 0)
		r = link_copy_quietly(&copy, parent, entry->name, &st);
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

int ovl_copy_up_dir(struct ovl_fs *fs, struct ovl_dir *dir)
{
	int r = fs->has_upper ? 0 : -EROFS;
	while (r == 0 && !ovl_dir_upper(dir))
		r = copy_up_topmost(fs, dir);
	return r;
}

/* -- everything else --------------------------------------------------------------------------- */

/* The copy of a file whose name is gone: it is reached by a descriptor alone. inode's lock is
 * held. */
static int publish_nameless(struct copy *copy, struct ovl_inode *inode)
{
	struct stat st;
	int anchor = sys_open(copy_at(copy), O_PATH);
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
static int publish_named(struct copy *copy, struct ovl_dir *parent, struct ovl_inode *inode)
{
	struct ovl_entry *entry = inode->entry;
	struct stat st;
	int r = link_copy_quietly(copy, parent, entry->name, &st);
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
	struct copy *copy, struct ovl_inode *inode, struct ovl_entry *place, int real_links)
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
static int link_twice(
	struct copy *copy, struct ovl_dir *parent, struct ovl_inode *inode, struct ovl_entry *place)
{
	struct sys_at to = sys_at(copy->fs->link_index_fd, copy->link);
	struct stat st;
	int r = sys_stat(copy_at(copy), &copy->in_index);

	if (r == 0)
		r = link_copy(copy, to);
	if (r < 0)
		return r;
	copy->is_indexed = true;
	r = link_copy_quietly(copy, parent, inode->entry->name, &st);
	if (r < 0 && sys_unlink(to) == 0)
		return r;
	if (r == 0) {
		inode->entry->layer = OVL_UPPER;
		inode->entry->flags |= OVL_ENTRY_ORIGIN;
	}
	adopt_copy(copy, inode, place, r == 0 ? 2 : 1);
	return 0;
}

static int publish_in_link_index(struct copy *copy, struct ovl_dir *parent, struct ovl_inode *inode)
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
static void publish_data(struct copy *copy, struct ovl_inode *inode)
{
	bool stay_below = copy->metacopy != NULL;

	ovl_metacopy_free(copy->fs, ovl_inode_set_metacopy(inode, steal_pointer(&copy->metacopy)));
	if (stay_below)
		return;
	inode->flags |= OVL_INODE_UNSYNCED;
	ovl_file_install(copy->fs, inode, steal_fd(&copy->fd), true);
}

static int publish(struct copy *copy, struct ovl_dir *parent, struct ovl_inode *inode)
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

/* inode is marked COPYING by this thread, so neither its entry's layer nor its parent changes. */
static int copy_up_file(struct ovl_fs *fs, struct ovl_inode *inode, off_t limit, bool unlinked)
{
	struct ovl_dir *parent = get_parent(fs, inode);
	struct ovl_real real = ovl_inode_real(inode);
	_cleanup_copy_ struct copy copy = COPY_NONE;
	copy.inode = inode;
	int r = unlinked ? 0 : ovl_copy_up_dir(fs, parent);

	if (r == -ENOENT) /* the directory was removed, and so the file: publish() will see that */
		r = 0;
	if (r == 0)
		r = open_original(fs, &real, limit, &copy);
	copy.is_kept = r == 0 && ovl_link_index_keeps(fs, inode->type, copy.st.st_nlink);
	if (r == 0)
		r = make_copy(&copy);
	if (r == 0)
		r = publish(&copy, parent, inode);
	ovl_inode_unref(fs, &parent->inode);
	return r;
}

int ovl_copy_up(struct ovl_fs *fs, struct ovl_inode *inode, off_t limit)
{
	if (ovl_inode_is_dir(inode))
		return ovl_copy_up_dir(fs, ovl_dir_of(inode));
	if (!fs->has_upper)
		return -EROFS;
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
	int r = upper ? ovl_metacopy_complete(fs, inode, limit)
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
	struct copy copy = COPY_NONE;
	copy.fs = fs;
	copy.is_indexed = true;
	memcpy(copy.link, link, strlen(link) + 1);
	return link_copy_quietly(&copy, parent, name, ret_stat);
}
